import { expect, test } from 'vitest';
import { bundleMarkdown } from '../../blocks/audit-bundle.ts';
import { bundleOf } from '../../src/audit/bundle.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { rolloutOf } from '../../src/rollout/evolve.ts';
import { RolloutId } from '../../src/shared/ids.ts';
import { ann, asked, bo, digest, noon, opened } from '../rollout/story.ts';

const id = RolloutId.parse('ro_0123456789');
const events: readonly RolloutEvent[] = [
  opened,
  asked('staging'),
  { type: 'ApprovedAutomatically', environment: 'staging', digest, because: 'low-risk', at: noon },
  { type: 'RolloutPaused', by: ann, reason: 'look at payments', at: noon },
  { type: 'RolloutResumed', by: bo, at: noon },
  { type: 'Snoozed', by: ann, until: Date.UTC(2026, 10, 25), at: noon },
  { type: 'RolloutSwitched', by: bo, to: 'al2023@v20261120' as never, at: noon },
];

test('whatever people or the rules decided about going on is told as that, the policy’s own approval included', () => {
  const rollout = rolloutOf(id, events);
  if (rollout === undefined) throw new Error('nothing was opened');
  const bundle = bundleOf({
    rollout,
    commits: events.map((event, i) => ({
      sequence: i + 1,
      events: [event],
      actor: { kind: 'slack' },
      at: noon,
    })),
    changes: [],
    people: [],
    verification: { anchored: 0, findings: [] },
    record: [],
    now: noon,
  });
  expect(bundle.approvals.map(({ what }) => what)).toEqual(events.slice(1).map(({ type }) => type));
  expect(bundle.merges).toEqual([]);
  const [, steering = ''] = bundleMarkdown(bundle).split('## Approvals, refusals and steering');
  expect(steering.split('## Checks')[0]).toContain('until 2026-11-25T00:00:00.000Z');
});
