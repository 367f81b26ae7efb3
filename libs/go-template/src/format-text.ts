import { utf8Encode } from './characters';
import { type Flags, pad } from './format-verb';
import { quote, quoteRaw } from './quote';

/** Undefined if a string has no such verb. */
export function formatText(verb: string, value: string, flags: Flags): string | undefined {
  switch (verb) {
    case 'v':
    case 's':
      return pad(cut(value, flags.precision), flags);
    case 'q': {
      const shortened = cut(value, flags.precision);
      return pad((flags.sharp ? quoteRaw(shortened) : undefined) ?? quote(shortened, flags.plus), flags);
    }
    case 'x':
    case 'X': {
      const bytes = utf8Encode(value);
      const shortened = flags.precision >= 0 ? bytes.subarray(0, flags.precision) : bytes;
      const digits = [...shortened].map((byte) => byte.toString(16).padStart(2, '0'));
      const prefixed = flags.space
        ? digits.map((pair) => (flags.sharp ? `0x${pair}` : pair)).join(' ')
        : `${flags.sharp && digits.length > 0 ? '0x' : ''}${digits.join('')}`;
      return pad(verb === 'X' ? prefixed.toUpperCase() : prefixed, flags);
    }
    default:
      return undefined;
  }
}

function cut(value: string, characters: number): string {
  return characters < 0 || value.length <= characters ? value : [...value].slice(0, characters).join('');
}
