import { it } from 'vitest';
import { fuzz } from './evaluator.fuzz';

it('compiles or refuses whatever it is given', () => {
  fuzz.run(300, 1);
});
