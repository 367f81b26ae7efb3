import { defineExtremes } from './extremes';

export const top = defineExtremes({
  name: 'top',
  summary: 'The points with the greatest values of a field, as a batch ordered by time.',
  sign: -1,
  examples: [
    {
      script: "|top(2, 'v')|trickle()",
      input: 'm v=4 0\nm v=1 0\nm v=7 0\nm v=9 10',
      output: 'm top=7 0\nm top=4 0',
    },
  ],
});
