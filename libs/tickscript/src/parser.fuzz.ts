import { randomScript, randomSource, tryScript } from './fuzz';

export const fuzz = {
  name: 'tickscript parser',
  run(inputs: number, seed: number): void {
    const random = randomSource(seed);
    for (let i = 0; i < inputs; i++) {
      const text = randomScript(random);
      try {
        tryScript(text);
      } catch (error) {
        throw new Error(`input ${i} of seed ${seed} fails: ${JSON.stringify(text)}`, { cause: error });
      }
    }
  },
};
