export type AttributeType = 'plain' | 'url' | 'css' | 'js' | 'srcset' | 'html' | 'unsafe';

const list = (type: AttributeType, names: string) => names.split(' ').map((name) => [name, type] as const);

const TYPES: ReadonlyMap<string, AttributeType> = new Map([
  ...list(
    'url',
    'action archive background cite classid codebase data formaction href icon longdesc manifest poster profile src usemap xmlns',
  ),
  ...list(
    'unsafe',
    'accept-charset async challenge charset content crossorigin defer enctype form formenctype formmethod formnovalidate ' +
      'http-equiv keytype language method novalidate pattern rel sandbox type value',
  ),
  ['style', 'css'],
  ['srcdoc', 'html'],
  ['srcset', 'srcset'],
]);

/** What kind of text the value of an attribute is. The name is in lower case. */
export function attributeType(attribute: string): AttributeType {
  let name = attribute;
  if (name.startsWith('data-')) name = name.slice(5);
  else {
    const colon = name.indexOf(':');
    if (colon !== -1 && name.slice(0, colon) === 'xmlns') return 'url';
    name = name.slice(colon + 1);
  }
  const known = TYPES.get(name);
  if (known !== undefined) return known;
  if (name.startsWith('on')) return 'js';
  // Names that people make up for links tend to say so.
  return /src|uri|url/.test(name) ? 'url' : 'plain';
}

/** Whether a script element of this type is run. */
export function isScriptType(value: string): boolean {
  const type = value.split(';')[0]!.trim().toLowerCase();
  return /^(?:(?:application|text)\/(?:ecmascript|javascript|x-ecmascript|x-javascript|json|ld\+json)|text\/(?:javascript1\.[0-5]|jscript|livescript|template)|module)$/.test(
    type,
  );
}
