import { DurationValue, type FieldValue, type Tags, type Time, TimeValue } from '@supercap/data-model';
import { parseTemplate, struct, type StructValue, type Template, TemplateError } from '@supercap/go-template';
import { type AlertLevel, type NodeContext, StartError } from '@supercap/pipeline';
import type { AlertOptions, AlertShared } from './alert.node';

export const defaultMessage = '{{ .ID }} is {{ .Level }}';
export const defaultDetails = '{{ json . }}';

/** What messages and details are made of. */
export interface Occurrence {
  readonly id: string;
  readonly name: string;
  /** The group id, `nil` when ungrouped. */
  readonly group: string;
  readonly tags: Tags;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly level: AlertLevel;
  readonly time: Time;
  readonly duration: bigint;
}

/** Renders id, message and details. A template that fails on its data stops the task. */
export class AlertTexts {
  private readonly idTemplate: Template;
  private readonly messageTemplate: Template;
  private readonly detailsTemplate: Template;
  private readonly server: StructValue;
  private readonly task: string;

  /** Throws StartError when a template does not parse. */
  constructor(private readonly context: NodeContext<AlertOptions, AlertShared>) {
    const { options, ports, task } = context;
    this.idTemplate = parse('id', options.id, false);
    this.messageTemplate = parse('message', options.message, false);
    this.detailsTemplate = parse('details', options.details, true);
    const { hostname, clusterId, serverId } = ports.server;
    this.server = struct('kapacitor.serverInfo', { Hostname: hostname, ClusterID: clusterId, ServerID: serverId });
    this.task = task.id;
  }

  id(name: string, group: string, tags: Tags): string {
    return this.render(this.idTemplate, this.idInfo(name, group, tags));
  }

  message(occurrence: Occurrence): string {
    return this.render(this.messageTemplate, this.messageInfo(occurrence));
  }

  details(occurrence: Occurrence, message: string): string {
    const embedded = this.messageInfo(occurrence);
    return this.render(this.detailsTemplate, struct('kapacitor.detailsInfo', { Message: message }, { embedded }));
  }

  private render(template: Template, data: StructValue): string {
    try {
      return template.execute(data);
    } catch (error) {
      if (error instanceof TemplateError) this.context.fail(error.message);
      throw error;
    }
  }

  // The order of the members is that of the default details, which print them all.
  private idInfo(name: string, group: string, tags: Tags): StructValue {
    const { task, server } = this;
    return struct('kapacitor.idInfo', { Name: name, TaskName: task, Group: group, Tags: tags, ServerInfo: server });
  }

  private messageInfo({ id, name, group, tags, fields, level, time, duration }: Occurrence): StructValue {
    return struct(
      'kapacitor.messageInfo',
      { ID: id, Fields: fields, Level: level, Time: new TimeValue(time), Duration: new DurationValue(duration) },
      { embedded: this.idInfo(name, group, tags) },
    );
  }
}

function parse(name: string, text: string, html: boolean): Template {
  try {
    return parseTemplate(name, text, { html });
  } catch (error) {
    if (error instanceof TemplateError) throw new StartError(error.message);
    throw error;
  }
}
