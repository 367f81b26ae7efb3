export { declarations, type Settings } from './declarations';
export type { Endpoint } from './endpoints';
export { listenAddress, loadSettings, SettingsError } from './load';
export { settingsTable } from './table';
