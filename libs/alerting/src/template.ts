import type { AlertLevel } from '@supercap/pipeline';
import { formatDurationGo, type FieldValue, formatTimeGo, type Time } from '@supercap/data-model';

/** A value that a template can print. */
export type TemplateValue =
  | FieldValue
  | undefined
  | { readonly level: AlertLevel }
  | { readonly time: Time }
  | { readonly duration: bigint }
  | { readonly map: Readonly<Record<string, FieldValue>> }
  | TemplateData;

/** What a template works on: a Go struct, named in the texts of errors. */
export interface TemplateData {
  readonly typeName: string;
  readonly fields: Readonly<Record<string, TemplateValue>>;
}

export interface Template {
  /** Throws TemplateError. */
  execute(data: TemplateData): string;
}

/** A template that does not parse, or that cannot be executed on its data. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** Throws TemplateError with Go's text. */
export function parseTemplate(name: string, text: string, _options: { readonly html?: boolean } = {}): Template {
  const parts = text.split(/\{\{\s*\.(\w+)\s*\}\}/);
  return {
    execute(data) {
      return parts
        .map((part, i) => {
          if (i % 2 === 0) return part;
          if (!(part in data.fields)) {
            throw new TemplateError(
              `template: ${name}:1:3: executing "${name}" at <.${part}>: can't evaluate field ${part} in type ${data.typeName}`,
            );
          }
          return textOf(data.fields[part]);
        })
        .join('');
    },
  };
}

function textOf(value: TemplateValue): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if ('level' in value) return value.level;
  if ('time' in value) return formatTimeGo(value.time);
  if ('duration' in value) return formatDurationGo(value.duration);
  return String(value);
}
