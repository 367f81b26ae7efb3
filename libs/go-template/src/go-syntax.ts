import { DurationValue, Tags, TimeValue } from '@supercap/data-model';
import { formatFloatDefault } from './format-float';
import { text } from './print';
import { quote } from './quote';
import { entryOf, isList, NamedValue, sortedKeys, StructValue, type TemplateValue, typeName } from './value';

/** A value as `%#v` writes it: as it would stand in a Go program. */
export function goSyntax(value: TemplateValue): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      return formatFloatDefault(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      if (value === null || value === undefined) return 'interface {}(nil)';
      if (value instanceof NamedValue) return goSyntax(value.underlying);
      if (value instanceof DurationValue) return String(value.ns);
      if (value instanceof TimeValue) return text(value);
      if (value instanceof StructValue) {
        const fields = Object.keys(value.fields).map((name) => `${name}:${goSyntax(value.fields[name])}`);
        return `${value.typeName}{${fields.join(', ')}}`;
      }
      if (isList(value)) return `${typeName(value)}{${value.map(goSyntax).join(', ')}}`;
      return `${typeName(value)}{${sortedKeys(value)
        .map((key) => `${quote(key)}:${goSyntax(value instanceof Tags ? value.get(key) : entryOf(value, key))}`)
        .join(', ')}}`;
  }
}
