import type { TemplateValue } from './value';

/** One step of making a value safe for where it is printed. */
export interface Escaper {
  readonly name: string;
  readonly escape: (value: TemplateValue) => TemplateValue;
}
