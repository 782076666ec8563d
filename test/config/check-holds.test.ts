import { expect, test } from 'vitest';
import { tooLongHolds } from '../../src/config/check-holds.ts';
import { day } from '../../src/shared/time.ts';
import { noon } from '../rollout/story.ts';

test('a hold of the configuration ends within 90 days, the ninetieth included', () => {
  const until = (days: number) => ({
    kind: 'cluster' as const,
    name: 'prod-eu-1',
    until: noon + days * day,
    reason: 'driver certification',
    by: 'payments team',
  });
  expect(tooLongHolds({ holds: [until(-1), until(90)] }, noon)).toEqual([]);
  expect(tooLongHolds({ holds: [until(90), until(91)] }, noon)).toEqual([
    {
      path: 'holds[1].until',
      message: 'is more than 90 days away: a hold is at most that long, and then set anew.',
    },
  ]);
});
