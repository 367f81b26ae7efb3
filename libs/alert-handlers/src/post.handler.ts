import { defineAlertHandler, nanoseconds, option } from '@supercap/alerting';
import { headerProblem, property, restArg } from '@supercap/pipeline';
import { createPostSender } from './post-sender';
import { ifSet, textEntries, unlessEmpty } from './properties';

const forbidsHeader = (headers: Readonly<Record<string, string>>) =>
  Object.keys(headers).some((name) => name.toLowerCase() === 'authenticate');

export const post = defineAlertHandler({
  kind: 'post',
  summary: 'Send the alert data with an HTTP POST.',
  script: {
    name: 'post',
    goType: '*pipeline.AlertHTTPPostHandler',
    // The original takes any number of addresses and uses the first.
    args: { urls: restArg('string', 'The address; only the first is used. May be left out with `.endpoint()`.') },
    properties: {
      endpoint: property.value('string', 'A configured endpoint in place of, or beside, the address.'),
      header: textEntries('Adds a header to the request.'),
      captureResponse: property.flag('Logs what the server answers when it refuses.'),
      timeout: property.value('duration', 'How long to wait for the answer.'),
      skipSSLVerification: property.flag('Accepts any TLS certificate.', '1.5.3'),
    },
    // Topic handlers may set it.
    validate({ header }) {
      if (forbidsHeader(header)) return "invalid post: cannot set 'authenticate' header";
      const problem = headerProblem(Object.entries(header));
      return problem === undefined ? undefined : `invalid post: ${problem}`;
    },
    toOptions: (given) => ({
      url: given.urls[0],
      endpoint: given.endpoint,
      headers: unlessEmpty(given.header),
      'capture-response': ifSet(given.captureResponse),
      timeout: given.timeout === undefined ? undefined : nanoseconds(given.timeout),
      'skip-ssl-verification': ifSet(given.skipSSLVerification),
    }),
  },
  topic: {
    goType: '*httppost.HandlerConfig',
    options: {
      url: option.string('The address, a template over the alert data.'),
      endpoint: option.string('A configured endpoint in place of, or beside, the address.'),
      headers: option.stringMap('Headers of the request.', { secret: true }),
      'capture-response': option.bool('Logs what the server answers when it refuses.'),
      timeout: option.duration('How long to wait for the answer; 0 for the default.'),
      'skip-ssl-verification': option.bool('Accepts any TLS certificate.'),
    },
  },
  // Neither an address nor an endpoint that is configured is asked for: such a handler sends nothing.
  validate: ({ headers }) => headerProblem(Object.entries(headers)),
  runtime: { create: createPostSender },
});
