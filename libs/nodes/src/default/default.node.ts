import { Batch, type FieldValue, groupOf, type Point, type Tags } from '@supercap/data-model';
import { arg, defineNode, goTypeOfScriptValue, property, type ScriptValue } from '@supercap/pipeline';
import { oncePerTags, regrouped } from '../group-by/regrouped';

/** Name and value in the order of the calls; a later call for the same name takes the place of the earlier. */
type Defaults<T> = readonly (readonly [name: string, value: T])[];

function setDefault<T>(current: Defaults<T>, name: string, value: T): Defaults<T> {
  return [...current.filter(([known]) => known !== name), [name, value]];
}

function isFieldDefault(value: ScriptValue): boolean {
  return ['number', 'bigint', 'string', 'boolean'].includes(typeof value);
}

export const defaultNode = defineNode({
  name: 'default',
  goType: '*pipeline.DefaultNode',
  summary: 'Fill in fields and tags that a point lacks.',
  edge: { wants: 'any', provides: 'same' },
  args: {},
  properties: {
    field: property.method<Defaults<ScriptValue>>({
      summary: 'A field, and its value where it is missing.',
      parameters: [arg('string', 'Name of the field.'), arg('any', 'Its default: a float, int, string or bool.')],
      initial: [],
      apply: (current, [name, value]) => setDefault(current, name as string, value as ScriptValue),
    }),
    tag: property.method<Defaults<string>>({
      summary: 'A tag, and its value where it is missing or empty.',
      parameters: [arg('string', 'Name of the tag.'), arg('string', 'Its default.')],
      initial: [],
      apply: (current, [name, value]) => setDefault(current, name as string, value as string),
    }),
  },
  validate({ field }) {
    const wrong = field.find(([, value]) => !isFieldDefault(value));
    if (wrong === undefined) return undefined;
    const [name, value] = wrong;
    return `unsupported type ${goTypeOfScriptValue(value)} for field "${name}", field default values must be float,int,string or bool`;
  },
  runtime: {
    kind: 'receiver',
    create({ options, counter }) {
      const fieldDefaults = options.field as Defaults<FieldValue>;
      const tagDefaults = options.tag;
      const fieldsDefaulted = counter('fields_defaulted');
      const tagsDefaulted = counter('tags_defaulted');

      const tagged = oncePerTags((tags: Tags) => {
        const missing = tagDefaults.filter(([name]) => (tags.get(name) ?? '') === '');
        return {
          tags: missing.reduce((result, [name, value]) => result.with(name, value), tags),
          count: missing.length,
        };
      });
      function withDefaults(point: Point): Point {
        let result = point;
        for (const [name, value] of fieldDefaults) {
          if ((result.field(name) ?? null) !== null) continue;
          fieldsDefaulted.add();
          result = result.withField(name, value);
        }
        const { tags, count } = tagged(point.tags);
        if (count === 0) return result;
        tagsDefaulted.add(count);
        return result.withTags(tags, regrouped(point.group, tags, point.name));
      }

      return {
        point: withDefaults,
        batch({ name, group, time, points }) {
          // The group of a batch gets the tags, too, and so is grouped by them.
          const { tags, count } = tagged(group.tags);
          const newGroup = count === 0 ? group : groupOf(group.byName, name, tags);
          return new Batch(
            name,
            newGroup,
            time,
            points.map((point) => withDefaults(point).withGroup(newGroup)),
          );
        },
      };
    },
  },
  examples: [
    {
      script: `|default().field('v', 0.0).tag('host', 'unknown')`,
      input: 'm,host=a v=1 0\nm w=2 1',
      output: 'm,host=a v=1 0\nm,host=unknown v=0,w=2 1',
    },
  ],
  since: '1.0.0',
});
