export { chains, ports } from './chains';
export { effects } from './effects';
export { lines, runChain, type ScriptRun, startScript } from './run-script';
