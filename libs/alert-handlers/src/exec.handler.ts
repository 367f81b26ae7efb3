import { defineAlertHandler, DeliveryError, eventJson, option, sendEach } from '@supercap/alerting';
import { arg, restArg } from '@supercap/pipeline';

export const exec = defineAlertHandler({
  kind: 'exec',
  summary: 'Run a program with the alert data as its input.',
  script: {
    name: 'exec',
    goType: '*pipeline.ExecHandler',
    args: {
      command: arg('string', 'The program.'),
      arguments: restArg('string', 'Its arguments.'),
    },
    properties: {},
    toOptions: (given) => ({ prog: given.command, args: given.arguments.length === 0 ? undefined : given.arguments }),
  },
  topic: {
    goType: '*alert.ExecHandlerConfig',
    options: {
      prog: option.string('The program.'),
      args: option.strings('Its arguments.'),
    },
  },
  runtime: {
    create: ({ prog, args }, { processes }) =>
      sendEach(async (event, signal) => {
        const { code, output } = await processes.run(prog, args, eventJson(event), signal);
        if (code === 0) return;
        const how = code === undefined ? 'was ended by a signal' : `exit status ${code}`;
        throw new DeliveryError(`error running alert command: ${how}`, 'never', { program: prog, output });
      }),
  },
});
