import { describe, expect, test } from 'vitest';
import { pressGoodForMs } from '../../src/rollout/decide-press.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { RepositoryName } from '../../src/shared/ids.ts';
import {
  ann,
  asked,
  bo,
  digest,
  given,
  granted,
  merged,
  noon,
  opened,
  pullRequest,
  repository,
  staging,
} from './story.ts';

const byButton = {
  ...asked('staging'),
  policy: { ...staging, pullRequest: { merge: 'by-button' } },
} as RolloutEvent;
const ready = [opened, byButton, granted('staging', ann), pullRequest('staging')] as const;
const press = {
  type: 'Merge' as const,
  environment: 'staging',
  ask: 1,
  by: bo,
  may: 'yes' as const,
  now: noon,
};
const pressed = (at = noon): RolloutEvent => ({
  type: 'MergeRequested',
  environment: 'staging',
  wave: 'wave-1',
  by: bo,
  digest,
  at,
});
const start = {
  type: 'StartMerge' as const,
  environment: 'staging',
  wave: 'wave-1',
  digest,
  parts: [{ repository, number: 1, headSha: 'head' }],
  approversNow: [ann],
  before: [],
  now: noon,
};

describe('a press of Merge', () => {
  test('counts once, by whoever may, for what is approved and open', () => {
    given(...ready)
      .when(press)
      .decides('MergeRequested');
    given(...ready)
      .when({ ...press, may: 'no' as const })
      .refuses('not-an-approver', 'ApprovalRefused');
    given(...ready, pressed())
      .when(press)
      .refuses('already-decided');
    given(...ready)
      .when({ ...press, ask: 7 })
      .refuses('old-card');
    given(...ready.slice(0, 2))
      .when(press)
      .refuses('nothing-to-merge');
    given(opened, asked('staging'), granted('staging', ann), pullRequest('staging'))
      .when(press)
      .refuses('nothing-to-merge');
  });

  test('is what a merge waits for, and not for long', () => {
    given(...ready)
      .when(start)
      .decides();
    given(...ready, pressed())
      .when(start)
      .decides('MergeStarted');
    given(...ready, pressed())
      .when({ ...start, now: noon + pressGoodForMs })
      .decides();
    const later = noon + pressGoodForMs;
    given(...ready, pressed())
      .when({ ...press, now: later })
      .decides('MergeRequested');
  });

  test('is needed again after the merge was held', () => {
    const held: RolloutEvent[] = [
      {
        type: 'MergeStarted',
        environment: 'staging',
        wave: 'wave-1',
        parts: start.parts,
        digest,
        approvers: [ann],
        before: [],
        at: noon,
      },
      { type: 'MergeHeld', environment: 'staging', wave: 'wave-1', because: 'window', at: noon },
    ];
    given(...ready, pressed(), ...held)
      .when(start)
      .decides();
    given(...ready, pressed(), ...held)
      .when(press)
      .decides('MergeRequested');
  });

  test('before the last approval merges nothing after it', () => {
    const again: RolloutEvent = { ...granted('staging', bo), at: noon + 1 } as RolloutEvent;
    const [one, two, three, four] = ready;
    given(one, two, three, four, pressed(), again)
      .when({ ...start, now: noon + 2 })
      .decides();
  });

  test('is taken where people merged one of several pull requests', () => {
    const other = RepositoryName.parse('acme/more');
    const two = {
      ...byButton,
      waves: [{ name: 'wave-1', clusters: ['stg'], repositories: [repository, other] }],
    } as RolloutEvent;
    const second = { ...pullRequest('staging', 'wave-1', 2), repository: other } as RolloutEvent;
    const rollout = given(
      opened,
      two,
      granted('staging', ann),
      pullRequest('staging'),
      second,
      merged('staging'),
    )
      .when(press)
      .decides('MergeRequested');
    expect(rollout.environments[0]?.waves[0]?.pressed?.by).toBe(bo);
  });
});
