import { alertLevels, DeliveryError, eventJson, type RenderedEvent } from '@supercap/alerting';
import { DurationValue, parseTime, Tags, TimeValue } from '@supercap/data-model';
import {
  NamedValue,
  parseTemplate,
  struct,
  type StructValue,
  TemplateError,
  type TemplateValue,
} from '@supercap/go-template';

/** A template over the alert data: ID, Message, Details, Time, Duration, Level, Data, PreviousLevel, Recoverable. */
export function alertDataTemplate(name: string, text: string): (event: RenderedEvent) => string {
  if (!text.includes('{{')) return () => text;
  const template = parseTemplate(name, text, { json: true });
  return (event) => {
    try {
      return template.execute(alertData(event));
    } catch (error) {
      if (error instanceof TemplateError) throw new DeliveryError(error.message, 'never');
      throw error;
    }
  };
}

function alertData(event: RenderedEvent): StructValue {
  const fields = {
    ID: event.id,
    Message: event.message,
    Details: event.details,
    Time: new TimeValue(BigInt(event.time)),
    Duration: new DurationValue(BigInt(event.duration)),
    Level: levelValue(event.level),
    // Read only by templates that name it.
    get Data() {
      return resultOf(event.dataJson);
    },
    PreviousLevel: levelValue(event.previousLevel),
    Recoverable: event.recoverable,
  };
  // As JSON it is what the post handler sends.
  return struct('alert.Data', fields, undefined, () => eventJson(event).trimEnd());
}

function levelValue(level: RenderedEvent['level']): NamedValue {
  return new NamedValue('alert.Level', BigInt(alertLevels.indexOf(level)), level);
}

interface JsonRow {
  readonly name?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns?: readonly string[];
  readonly values?: readonly (readonly (string | number | boolean | null)[])[];
}

function resultOf(dataJson: string): StructValue {
  const { series } = JSON.parse(dataJson === '' ? '{"series":[]}' : dataJson) as {
    readonly series: readonly JsonRow[];
  };
  return struct('models.Result', { Series: series.map(rowOf) });
}

function rowOf({ name = '', tags = {}, columns = [], values = [] }: JsonRow): StructValue {
  return struct('models.Row', {
    Name: name,
    Tags: Tags.from(tags),
    Columns: columns,
    Values: values.map((cells) => cells.map((cell, i): TemplateValue => (columns[i] === 'time' ? timeOf(cell) : cell))),
  });
}

function timeOf(cell: string | number | boolean | null): TemplateValue {
  const time = typeof cell === 'string' ? parseTime(cell) : undefined;
  return time === undefined ? cell : new TimeValue(time);
}
