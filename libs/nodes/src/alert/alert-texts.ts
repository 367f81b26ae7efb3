import type { AlertLevel, NodeContext } from '@supercap/pipeline';
import { StartError } from '@supercap/pipeline';
import type { FieldValue, Time } from '@supercap/data-model';
import { parseTemplate, type Template, type TemplateData, TemplateError } from '@supercap/alerting';
import type { AlertOptions, AlertShared } from './alert.node';

/** What an id is made of. */
export interface Subject {
  readonly name: string;
  /** The group id, `nil` when ungrouped. */
  readonly group: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Occurrence extends Subject {
  readonly id: string;
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

  /** Throws StartError when a template does not parse. */
  constructor(private readonly context: NodeContext<AlertOptions, AlertShared>) {
    const { id, message, details } = context.options;
    this.idTemplate = parse('id', id, false);
    this.messageTemplate = parse('message', message, false);
    this.detailsTemplate = parse('details', details, true);
  }

  id(subject: Subject): string {
    return this.render(this.idTemplate, { typeName: 'kapacitor.idInfo', fields: this.idFields(subject) });
  }

  message(occurrence: Occurrence): string {
    return this.render(this.messageTemplate, {
      typeName: 'kapacitor.messageInfo',
      fields: this.messageFields(occurrence),
    });
  }

  details(occurrence: Occurrence, message: string): string {
    return this.render(this.detailsTemplate, {
      typeName: 'kapacitor.detailsInfo',
      fields: { ...this.messageFields(occurrence), Message: message },
    });
  }

  private render(template: Template, data: TemplateData): string {
    try {
      return template.execute(data);
    } catch (error) {
      if (error instanceof TemplateError) this.context.fail(error.message);
      throw error;
    }
  }

  // The order of the members is that of the default details, which print them all.
  private idFields({ name, group, tags }: Subject) {
    const { hostname, clusterId, serverId } = this.context.ports.server;
    return {
      Name: name,
      TaskName: this.context.task.id,
      Group: group,
      Tags: { map: tags },
      ServerInfo: {
        typeName: 'kapacitor.serverInfo',
        fields: { Hostname: hostname, ClusterID: clusterId, ServerID: serverId },
      },
    };
  }

  private messageFields(occurrence: Occurrence) {
    const { id, fields, level, time, duration } = occurrence;
    return {
      ...this.idFields(occurrence),
      ID: id,
      Fields: { map: fields },
      Level: { level },
      Time: { time },
      Duration: { duration },
    };
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
