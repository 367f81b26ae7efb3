import { it } from 'vitest';
import { fuzz } from './lambda.fuzz';

it('gives the same from compiled code as without, and nothing but values and known errors', () => {
  fuzz.run(1500, 20_170_714);
});
