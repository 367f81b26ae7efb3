export { lines, runChain, type ScriptRun, startScript } from './run-script';
