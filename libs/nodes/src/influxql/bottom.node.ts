import { defineExtremes } from './extremes';

export const bottom = defineExtremes({
  name: 'bottom',
  summary: 'The points with the smallest values of a field, as a batch ordered by time.',
  sign: 1,
  examples: [
    {
      script: "|bottom(2, 'v')|trickle()",
      input: 'm v=4 0\nm v=1 0\nm v=7 0\nm v=9 10',
      output: 'm bottom=1 0\nm bottom=4 0',
    },
  ],
});
