import { defineAlertHandler, DeliveryError, eventJson, option, sendEach } from '@supercap/alerting';
import { arg } from '@supercap/pipeline';

export const tcp = defineAlertHandler({
  kind: 'tcp',
  summary: 'Write the alert data to a TCP connection.',
  script: {
    name: 'tcp',
    goType: '*pipeline.TcpHandler',
    args: { address: arg('string', 'host:port') },
    properties: {},
    toOptions: (given) => ({ address: given.address }),
  },
  topic: { goType: '*alert.TCPHandlerConfig', options: { address: option.string('host:port') } },
  runtime: {
    create: ({ address }, port) =>
      sendEach(async (event, signal) => {
        try {
          // The second newline tells the reader that the event is complete.
          await port.tcp.send(address, `${eventJson(event)}\n`, signal);
        } catch (error) {
          if (error instanceof DeliveryError) throw error;
          throw new DeliveryError(`failed to send to ${address}: ${String(error)}`, 'later', { address }, 'receiver');
        }
      }),
  },
});
