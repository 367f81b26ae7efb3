const oldest = [20, 19];

/** Ends the process with one sentence when this Node is too old to run supercap. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  console.error(`supercap needs Node ${oldest.join('.')} or newer, this is ${process.versions.node}`);
  process.exit(1);
}
