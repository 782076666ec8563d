import { expect, test } from 'vitest';
import { freeze, refuseGlobally, unfreeze } from '../../src/workflow/freeze.ts';
import { globalStop } from '../../src/workflow/global-stop.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { ann, cy } from '../rollout/story.ts';

const slack = (id: string) => ({ kind: 'slack', id }) as const;

test('attempts without the right are on record, ten of one between two changes, and change nothing', async () => {
  const { world, store } = memoryWorld();
  let made = 0;
  const attempt = (wanted: 'freeze' | 'unfreeze') => {
    made += 1;
    const reason = 'not-allowed-to-stop' as const;
    const cause = `click:${made}`;
    return refuseGlobally(world, { by: cy, wanted, reason, cause, actor: slack(cy) });
  };
  const stored: boolean[] = [];
  for (let time = 0; time < 11; time += 1) stored.push(await attempt('freeze'));
  expect(stored).toEqual([...Array.from({ length: 10 }, () => true), false]);
  expect(await globalStop(world)).toBeUndefined();
  expect(await freeze(world, { by: ann, reason: 'incident 12', cause: 'a' })).toBe(true);
  expect(await attempt('unfreeze')).toBe(true);
  expect(await globalStop(world)).toMatchObject({ by: ann, reason: 'incident 12' });
  expect(await freeze(world, { by: ann, reason: 'again', cause: 'b' })).toBe(false);
  expect(await unfreeze(world, { by: ann, cause: 'c' })).toBe(true);
  const commits = await store.global.load('global');
  expect(commits.flatMap(({ events }) => events).map(({ type }) => type)).toEqual([
    ...Array.from({ length: 10 }, () => 'AttemptRefused'),
    'Frozen',
    'AttemptRefused',
    'Unfrozen',
  ]);
});
