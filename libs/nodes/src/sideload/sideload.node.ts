import { arg, defineNode, goTypeOfScriptValue, property } from '@supercap/pipeline';
import type { Scalar } from './convert';
import { loading } from './loading';

/** Name and default in the order of the calls; a later call for the same name takes the place of the earlier. */
type Loads<T> = readonly (readonly [name: string, fallback: T])[];

function setLoad<T>(current: Loads<T>, name: string, fallback: T): Loads<T> {
  return [...current.filter(([known]) => known !== name), [name, fallback]];
}

/** A script may give anything as a default: validation sees to it that it is a scalar. */
function isScalar(value: unknown): value is Scalar {
  return ['number', 'bigint', 'string', 'boolean'].includes(typeof value);
}

export const sideload = defineNode({
  name: 'sideload',
  goType: '*pipeline.SideloadNode',
  summary: 'Add fields and tags from files, chosen by the tags of each point.',
  edge: { wants: 'any', provides: 'same' },
  args: {},
  properties: {
    source: property.value(
      'string',
      'Where the files are: `file://` and an absolute folder, or a configured endpoint.',
      {
        default: '',
      },
    ),
    order: property.list('string', 'Templates of file names over the tags of a point; the first file with a key wins.'),
    field: property.method<Loads<Scalar>>({
      summary: 'A field to load, and its value when no file has it.',
      parameters: [arg('string', 'Name of the field.'), arg('any', 'Its default, which also decides the type.')],
      initial: [],
      apply: (current, [name, fallback]) => setLoad(current, name as string, fallback as Scalar),
    }),
    tag: property.method<Loads<string>>({
      summary: 'A tag to load, and its value when no file has it.',
      parameters: [arg('string', 'Name of the tag.'), arg('string', 'Its default.')],
      initial: [],
      apply: (current, [name, fallback]) => setLoad(current, name as string, fallback as string),
    }),
  },
  validate({ field }) {
    const wrong = field.find(([, fallback]) => !isScalar(fallback));
    if (wrong === undefined) return undefined;
    const [name, fallback] = wrong;
    return `unsupported type ${goTypeOfScriptValue(fallback)} for field "${name}", field default values must be float,int,string or bool`;
  },
  runtime: { kind: 'receiver', create: loading },
  since: '1.4.0',
});
