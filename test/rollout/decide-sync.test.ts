import { expect, test } from 'vitest';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { waveNamed } from '../../src/rollout/rollout.ts';
import { minute } from '../../src/shared/time.ts';
import { after, ann, approvedProduction, bo, given, noon, rolledOut } from './story.ts';

/** Two clusters, merged and verified. */
const syncing = [
  ...approvedProduction,
  ...rolledOut('production'),
  ...rolledOut('production', 'wave-2', 2).slice(0, 4),
];
const inWave = { environment: 'production', wave: 'wave-2', cluster: 'prod-b' };
const sync = {
  type: 'Sync' as const,
  environment: 'production',
  cluster: 'prod-b',
  by: ann,
  may: 'yes' as const,
  now: noon,
};
const asked: RolloutEvent = { type: 'SyncRequested', ...inWave, by: ann, at: noon };

test('an operator has the EC2NodeClass of a merged change synced, on record', () => {
  given(...syncing)
    .when(sync)
    .decides('SyncRequested');
  const wave = waveNamed(after(...syncing, asked), 'production', 'wave-2');
  expect(wave?.phase).toMatchObject({ asked: { 'prod-b': { by: ann, at: noon } } });
});

test.each([
  ['nobody who may not', { may: 'no' }, 'not-allowed-to-sync'],
  ['no guest', { may: 'guest-or-bot' }, 'guest-or-bot'],
  ['nobody while Slack is silent', { may: 'unknown' }, 'cannot-check'],
  ['no cluster of another wave', { cluster: 'prod-a' }, 'nothing-to-sync'],
  ['no environment where nothing was merged', { environment: 'staging' }, 'nothing-to-sync'],
] as const)('%s starts a sync', (_, of, code) => {
  given(...syncing)
    .when({ ...sync, ...of })
    .refuses(code);
});

test('a cluster that has the change is not synced, nor one that somebody paused', () => {
  given(...syncing, { type: 'SyncObserved', ...inWave, at: noon })
    .when(sync)
    .refuses('nothing-to-sync');
  given(...syncing, { type: 'RolloutPaused', by: bo, at: noon })
    .when(sync)
    .refuses('nothing-to-sync');
});

test('of two presses at once the second learns of the first; a later one counts anew', () => {
  given(...syncing, asked)
    .when({ ...sync, by: bo, now: noon + minute })
    .refuses('already-decided');
  given(...syncing, asked)
    .when({ ...sync, by: bo, now: noon + 3 * minute })
    .decides('SyncRequested');
});
