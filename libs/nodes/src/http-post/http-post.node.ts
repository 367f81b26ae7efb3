import { defineNode, headerProblem, property, restArg } from '@supercap/pipeline';
import { headerProperty } from './header-property';
import { httpPostRuntime } from './http-post-runtime';

export const httpPost = defineNode({
  name: 'httpPost',
  prefix: 'http_post',
  goType: '*pipeline.HTTPPostNode',
  summary: 'POST every point or batch to a URL, and pass it on after the answer.',
  edge: { wants: 'any', provides: 'same' },
  args: {
    urls: restArg('string', 'The URL to post to. A template over the data that is posted.'),
  },
  properties: {
    endpoint: property.method<readonly string[]>({
      summary: 'Post to a configured `[[httppost]]` endpoint instead of a URL.',
      parameters: [{ type: 'string', summary: 'Name of the endpoint.' }],
      initial: [],
      apply: (current, [name]) => [...current, name as string],
    }),
    header: headerProperty,
    codeField: property.value('string', 'Field that gets the HTTP status of the answer, 0 if none came.', {
      default: '',
      since: '1.4.0',
    }),
    captureResponse: property.flag('Log the body of an answer that is not 2xx.', '1.4.0'),
    timeout: property.value('duration', 'How long to wait for the answer; the configured default unless given.', {
      default: 0n,
      since: '1.4.0',
    }),
  },
  validate({ urls, endpoint, header }) {
    if (urls.length > 1) return `httpPost expects 0 or 1 arguments, got ${urls.length}`;
    if (endpoint.length > 1) return `httpPost expects 0 or 1 endpoints, got ${endpoint.length}`;
    if (urls.length === 0 && endpoint.length === 0) return 'must provide url or endpoint';
    if (urls.length > 0 && endpoint.length > 0) return 'only one endpoint and url may be specified';
    for (const [name] of header) {
      if (name.toLowerCase() === 'authenticate') return "cannot set 'authenticate' header";
    }
    return headerProblem(header);
  },
  runtime: httpPostRuntime,
  examples: [
    {
      script: "|httpPost('http://localhost/').codeField('status')",
      input: 'm v=1 0',
      output: 'm status=200i,v=1 0',
    },
  ],
  since: '1.3.0',
});
