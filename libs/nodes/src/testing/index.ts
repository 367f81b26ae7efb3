export { chains, ports } from './chains';
export { lines, runChain, type ScriptRun, startScript } from './run-script';
