import type { registry } from '@supercap/protocol';
import { badRequest } from '@supercap/transport';
import { indented, noContent, type Exchange } from '../http/exchange';
import { RawJson, type JsonValue } from '../http/json';
import { v1Surface, type Route } from '../http/routes';
import type { Registry } from '../services';
import { BASE, decodeBody, linkTo, oneOf, pageQuery, selectFields, selfLink, timeText } from './common';

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

/** `type` is derived from the script, whatever is said. */
function templateBody(exchange: Exchange): Promise<{ id: string; script: string; type: string }> {
  const invalid = () => 'invalid JSON';
  return decodeBody(exchange, invalid, (body) => ({
    id: body.text('id'),
    script: body.text('script'),
    type: body.word('type', ['stream', 'batch'], invalid) ?? '',
  }));
}

/** The id that is left of a path. */
function idOf({ rest }: Exchange): string {
  if (rest === '') throw badRequest('must specify template id on path');
  return rest;
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
      const { templates } = await registryService.listTemplates({
        ...pageQuery(exchange.query),
        ids: [],
        brief: false,
      });
      // One whose script no longer compiles has nothing to show.
      const items = templates.map((template) => (template.error === '' ? presentTemplate(template, format) : {}));
      return indented({ templates: selectFields(items, exchange.query, LIST_FIELDS, [...LIST_FIELDS, 'vars']) });
    }),
    route('GET', `${PATH}/`, async (exchange) => {
      const template = await registryService.getTemplate({ id: idOf(exchange) });
      return indented(presentTemplate(template, formatOf(exchange)));
    }),
    route('PATCH', `${PATH}/`, async (exchange) => {
      const id = idOf(exchange);
      const { id: newId, script, type } = await templateBody(exchange);
      const template = await registryService.updateTemplate({ id, newId, script, type });
      return indented(presentTemplate(template, formatOf(exchange)));
    }),
    route('DELETE', `${PATH}/`, async (exchange) => {
      await registryService.deleteTemplate({ id: idOf(exchange) });
      return noContent;
    }),
  ];
}
