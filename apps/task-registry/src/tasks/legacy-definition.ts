import type { registry } from '@supercap/protocol';
import type { StoredTask, TaskDefinition } from '@supercap/storage';
import { badRequest } from '@supercap/transport';

/** What `POST /task` makes of a task, after its checks in their order; undefined: nothing was given. Throws HttpError. */
export function legacyDefinition(
  request: registry.DefineTaskRequest,
  before: StoredTask | undefined,
): TaskDefinition | undefined {
  const { type, script, dbrps } = request;
  const known = type === 'stream' || type === 'batch' ? type : before?.type;
  if (known === undefined) {
    const name = JSON.stringify(request.name);
    if ((type ?? '') === '') throw badRequest(`no task with name ${name} exists cannot infer type.`);
    throw badRequest(`unknown type ${JSON.stringify(type)}`);
  }
  const text = script ?? before?.script;
  if (text === undefined) throw badRequest('must provide TICKscript via POST data.');
  if (request.dbrpsError !== undefined) throw badRequest(request.dbrpsError);
  const sources = dbrps?.items ?? before?.dbrps;
  if (sources === undefined) throw badRequest('must provide at least one database and retention policy.');
  if (request.snapshotError !== undefined) throw badRequest(request.snapshotError);
  if (before !== undefined && known === before.type && script === undefined && dbrps === undefined) return undefined;
  return {
    type: known,
    // A script of its own takes the place of the template's.
    templateId: script === undefined ? (before?.templateId ?? '') : '',
    script: text,
    dialect: script === undefined && before !== undefined ? before.dialect : '2016',
    vars: before?.vars ?? '{}',
    dbrps: sources,
  };
}
