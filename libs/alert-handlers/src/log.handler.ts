import { defineAlertHandler, DeliveryError, eventJson, option, sendEach } from '@supercap/alerting';
import { arg, property } from '@supercap/pipeline';

const DEFAULT_MODE = 0o600n;
const OWNER_MAY_WRITE = 0o200n;

export const log = defineAlertHandler({
  kind: 'log',
  summary: 'Append the alert data to a file, one line of JSON per event.',
  script: {
    name: 'log',
    goType: '*pipeline.LogHandler',
    args: { path: arg('string', 'The file, an absolute path.') },
    properties: { mode: property.value('int', 'Permissions of a new file, e.g. `0644`.') },
    toOptions: (given) => ({ path: given.path, mode: given.mode === undefined ? undefined : Number(given.mode) }),
  },
  topic: {
    goType: '*alert.LogHandlerConfig',
    options: {
      path: option.string('The file, an absolute path.'),
      mode: option.int('Permissions of a new file, as a decimal number.', { default: DEFAULT_MODE }),
    },
  },
  validate({ path, mode }) {
    if (!path.startsWith('/')) return `log path must be absolute: ${path} is not absolute`;
    if ((mode & OWNER_MAY_WRITE) === 0n) return `log mode must let the owner write: 0${mode.toString(8)} does not`;
    return undefined;
  },
  runtime: {
    create: ({ path, mode }, { files }) =>
      sendEach(async (event) => {
        const line = eventJson(event);
        try {
          await files.append(path, line, Number(mode));
        } catch (error) {
          // A full disk, a folder that is not mounted yet: the operator can mend all of these.
          throw new DeliveryError(`failed to write to ${path}: ${String(error)}`, 'later', { path }, 'receiver');
        }
      }),
  },
});
