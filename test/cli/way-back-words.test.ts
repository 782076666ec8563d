import { expect, test } from 'vitest';
import { chosenClusters, wayBackLines } from '../../src/cli/way-back-words.ts';
import { after, approvedProduction, rollback, rolledOut } from '../rollout/story.ts';

const done = after(...approvedProduction, ...rolledOut('production'));

test.each([
  ['prod-a', ['prod-a']],
  [' prod-a , stg,prod-a', ['prod-a', 'stg']],
])('%j names clusters, spaces or not, each once', (typed, names) => {
  expect(chosenClusters(done, typed)).toEqual(names);
});

test.each(['prod', 'prod-a,', 'prod-a prod-b', 'PROD-A'])(
  '%j names something that is no cluster of the rollout, and is refused whole',
  (typed) => {
    expect(() => chosenClusters(done, typed)).toThrow('is no cluster of ro_0123456789');
  },
);

test('what goes back is told, what is left out with its reason, and what was chosen for nothing', () => {
  const back = after(...approvedProduction, ...rolledOut('production'), {
    ...rollback({ production: ['prod-a'] }),
    leftOut: [{ cluster: 'stg', why: 'no Ready node had proven al2023@v20261021' }],
  } as never);
  expect(wayBackLines(back, ['prod-a', 'stg', 'prod-b'])).toEqual([
    '  production: prod-a back to al2023@v20261021',
    '  left out: stg: no Ready node had proven al2023@v20261021',
    '  left out: prod-b: nothing of this rollout is to be taken back there',
  ]);
});
