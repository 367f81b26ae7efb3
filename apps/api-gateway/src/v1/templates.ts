import type { registry } from '@supercap/protocol';
import { badRequest } from '@supercap/transport';
import { indented, noContent, type Exchange } from '../http/exchange';
import { RawJson, type JsonValue } from '../http/json';
import { v1Surface, type Route } from '../http/routes';
import type { Registry } from '../services';
import { BASE, jsonBody, linkTo, oneOf, pageQuery, selectFields, selfLink, timeText } from './common';

const PATH = `${BASE}/templates`;
const LIST_FIELDS = ['link', 'id', 'type', 'script', 'dot', 'error', 'created', 'modified'];

function presentTemplate(template: registry.Template, scriptFormat: 'formatted' | 'raw'): Record<string, JsonValue> {
  return {
    link: selfLink(linkTo('templates', template.id)),
    id: template.id,
    type: template.type,
    script: scriptFormat === 'raw' ? template.script : template.formatted,
    vars: new RawJson(template.varsJson),
    dot: template.dot,
    error: template.error,
    created: timeText(template.created),
    modified: timeText(template.modified),
  };
}

const formatOf = ({ query }: Exchange) => oneOf(query, 'script-format', ['formatted', 'raw'], 'formatted');

/** The members of a template in a request. `type` is derived from the script, whatever is said. */
async function templateBody(exchange: Exchange): Promise<{ id: string; script: string; type: string }> {
  const body = await jsonBody(exchange, () => 'invalid JSON');
  const member = (name: string): string => {
    const value = body[name] ?? '';
    if (typeof value !== 'string') throw badRequest('invalid JSON');
    return value;
  };
  const type = member('type');
  if (type !== '' && type !== 'stream' && type !== 'batch') throw badRequest('invalid JSON');
  return { id: member('id'), script: member('script'), type };
}

/** `/kapacitor/v1/templates`. */
export function templateRoutes(registryService: Registry): Route[] {
  const route = (method: Route['method'], pattern: string, handler: Route['handler']): Route => ({
    surface: v1Surface,
    method,
    pattern,
    handler,
    kind: 'templates',
  });
  return [
    route('POST', PATH, async (exchange) => {
      const template = await registryService.createTemplate(await templateBody(exchange));
      return indented(presentTemplate(template, formatOf(exchange)));
    }),
    route('GET', PATH, async (exchange) => {
      const format = formatOf(exchange);
      const { templates } = await registryService.listTemplates({ ...pageQuery(exchange.query), ids: [], brief: false });
      // One whose script no longer compiles has nothing to show.
      const items = templates.map((template) => (template.error === '' ? presentTemplate(template, format) : {}));
      return indented({ templates: selectFields(items, exchange.query, LIST_FIELDS, [...LIST_FIELDS, 'vars']) });
    }),
    route('GET', `${PATH}/`, async (exchange) => {
      if (exchange.rest === '') throw badRequest('must specify template id on path');
      return indented(presentTemplate(await registryService.getTemplate({ id: exchange.rest }), formatOf(exchange)));
    }),
    route('PATCH', `${PATH}/`, async (exchange) => {
      const { id: newId, script, type } = await templateBody(exchange);
      const template = await registryService.updateTemplate({ id: exchange.rest, newId, script, type });
      return indented(presentTemplate(template, formatOf(exchange)));
    }),
    route('DELETE', `${PATH}/`, async ({ rest }) => {
      await registryService.deleteTemplate({ id: rest });
      return noContent;
    }),
  ];
}
