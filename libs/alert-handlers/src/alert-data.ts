import { alertLevels, decodeValue, DeliveryError, eventJson, type RenderedEvent } from '@supercap/alerting';
import { DurationValue, type FieldValue, parseTime, type Row, rowJson, Tags, TimeValue } from '@supercap/data-model';
import { NamedValue, parseTemplate, struct, type StructValue, TemplateError } from '@supercap/go-template';

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
      return resultOf(event);
    },
    PreviousLevel: levelValue(event.previousLevel),
    Recoverable: event.recoverable,
  };
  // As JSON it is what the post handler sends.
  return struct('alert.Data', fields, { json: () => eventJson(event).trimEnd() });
}

function levelValue(level: RenderedEvent['level']): NamedValue {
  return new NamedValue('alert.Level', BigInt(alertLevels.indexOf(level)), level);
}

type Cell = string | number | boolean | null;

interface JsonRow {
  readonly name?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns?: readonly string[];
  readonly values?: readonly (readonly Cell[])[];
}

/** The triggering data. As text and as JSON it is what the post handler sends of it. */
function resultOf({ dataJson, fields }: RenderedEvent): StructValue {
  const json = dataJson === '' ? '{"series":[]}' : dataJson;
  const { series } = JSON.parse(json) as { readonly series: readonly JsonRow[] };
  return struct(
    'models.Result',
    { Series: series.map((row) => rowOf(row, fields)) },
    { json: () => json, text: () => json },
  );
}

function rowOf(
  { name = '', tags = {}, columns = [], values = [] }: JsonRow,
  fields: RenderedEvent['fields'],
): StructValue {
  const row: Row = {
    name,
    tags,
    columns,
    values: values.map((cells) => cells.map((cell, i) => cellValue(columns[i]!, cell, fields))),
  };
  const parts = { Name: name, Tags: Tags.from(tags), Columns: columns, Values: row.values };
  return struct('models.Row', parts, { json: () => rowJson(row) });
}

/** JSON has no ints: a column has the type that its field has in the event. */
function cellValue(column: string, cell: Cell, fields: RenderedEvent['fields']): FieldValue {
  if (column === 'time' && typeof cell === 'string') {
    const time = parseTime(cell);
    return time === undefined ? cell : new TimeValue(time);
  }
  const field = Object.hasOwn(fields, column) ? decodeValue(fields[column]!) : undefined;
  if (typeof field !== 'bigint' || typeof cell !== 'number') return cell;
  // The event's own value is exact where a number is not.
  return Number(field) === cell ? field : BigInt(cell);
}
