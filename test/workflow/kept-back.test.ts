import { beforeEach, describe, expect, test } from 'vitest';
import { holdDoubtText } from '../../blocks/holds.ts';
import { carryOut } from '../../handlers/carry-out.ts';
import type { PersonRequest } from '../../handlers/person-request.ts';
import { demoPath } from '../../src/sandbox/demo-world.ts';
import type { RolloutId } from '../../src/shared/ids.ts';
import { SlackUserId } from '../../src/shared/ids.ts';
import { day, hour, minute } from '../../src/shared/time.ts';
import { detect } from '../../src/workflow/detect.ts';
import { reopenHolds } from '../../src/workflow/hold-questions.ts';
import { warnOfHolds } from '../../src/workflow/hold-warnings.ts';
import { keptBack } from '../../src/workflow/kept-back.ts';
import { recordRecall } from '../../src/workflow/recalls.ts';
import { memoryWorld, newRelease, oldRelease } from '../fakes/memory-world.ts';
import { ann, bo, cy, noon } from '../rollout/story.ts';
import { lookOnce, standing } from './drive.ts';

let fleet: ReturnType<typeof memoryWorld>;
let said = 0;

beforeEach(() => {
  fleet = memoryWorld({ counts: 1 });
});

function ask(request: object, cause?: string) {
  said += 1;
  return carryOut(fleet.world, request as PersonRequest, cause ?? `said-${said}`);
}
const hold = (scope: object, until = noon + 30 * day, by = ann) =>
  ask({ kind: 'hold', by, scope, until, reason: 'driver certification' });
const cluster = (name: string) => ({ kind: 'cluster', name });

async function opened(): Promise<RolloutId> {
  const { rollout } = await detect(fleet.world);
  if (rollout === undefined) throw new Error('nothing was opened');
  await lookOnce(fleet.world, rollout);
  return rollout;
}

describe('a hold', () => {
  test('keeps a cluster out of the change and of its wave', async () => {
    await hold(cluster('prod-a'));
    const rollout = await lookOnce(fleet.world, await opened());
    expect(rollout.environments.map(({ waves }) => waves.map(({ clusters }) => clusters))).toEqual([
      [['stg']],
      [['prod-b']],
    ]);
  });

  test('set while people are asked has them asked again, without it', async () => {
    const id = await opened();
    await hold(cluster('stg'));
    const rollout = await lookOnce(fleet.world, id);
    // All of staging is held, so there is nothing to ask about until it ends.
    expect(standing(rollout)[0]).toBe('staging awaiting-approval [waiting]');
    const [trouble] = [...fleet.world.sightings(id).troubles.values()].map(({ what }) => what);
    expect(trouble).toContain('stg is held until 2026-12-20: driver certification');
    await ask({ kind: 'approve', rollout: id, environment: 'staging', ask: 1, by: ann });
    for (let i = 0; i < 5; i += 1) {
      fleet.clock.advance(minute);
      await lookOnce(fleet.world, id);
    }
    expect(fleet.git.text('main', demoPath('staging', 'stg'))).not.toContain(newRelease);
  });

  test('ends by itself, or when somebody lifts it', async () => {
    await hold(cluster('prod-a'));
    expect((await keptBack(fleet.world)).holds).toHaveLength(1);
    await ask({ kind: 'unhold', by: ann, scope: cluster('prod-a') });
    expect((await keptBack(fleet.world)).holds).toEqual([]);
    await hold(cluster('prod-a'), noon + day);
    fleet.clock.advance(day);
    expect((await keptBack(fleet.world)).holds).toEqual([]);
  });

  test('lasts 90 days at most, and a new word replaces the old one', async () => {
    await hold(cluster('prod-a'), noon + 365 * day);
    await hold(cluster('prod-a'), noon + 10 * day);
    expect((await keptBack(fleet.world)).holds.map(({ until }) => until)).toEqual([
      noon + 10 * day,
    ]);
    await hold(cluster('prod-b'), noon + 365 * day);
    expect((await keptBack(fleet.world)).holds.at(-1)?.until).toBe(noon + 90 * day);
  });

  test('said twice by one delivery is one', async () => {
    const request = {
      kind: 'hold',
      by: ann,
      scope: cluster('prod-a'),
      until: noon + day,
      reason: 'why',
    };
    expect((await ask(request, 'same')).stored).toBe(true);
    expect((await ask(request, 'same')).stored).toBe(false);
  });

  test('is for those who may stop its environment', async () => {
    const { refusal, stored } = await hold(cluster('prod-a'), noon + day, cy);
    expect(refusal?.code).toBe('not-allowed-to-stop');
    // The attempt is on record, and nothing is held.
    expect(stored).toBe(true);
    expect((await keptBack(fleet.world)).holds).toEqual([]);
  });

  test('of a NodePool keeps what its EC2NodeClass says, where that pool is', async () => {
    fleet.pools.set('prod-b', ['gpu']);
    await hold({ kind: 'pool', name: 'gpu' });
    const rollout = await lookOnce(fleet.world, await opened());
    expect(rollout.environments[1]?.waves.map(({ clusters }) => clusters)).toEqual([['prod-a']]);
  });

  test('of a NodePool keeps back whatever cannot be seen', async () => {
    fleet.unreachable.add('prod-a');
    await hold({ kind: 'pool', name: 'gpu' });
    const rollout = await lookOnce(fleet.world, await opened());
    expect(rollout.environments[1]?.waves.map(({ clusters }) => clusters)).toEqual([['prod-b']]);
  });

  test('of a variant keeps node classes whose nodes run it', async () => {
    await hold({ kind: 'variant', name: 'nvidia' });
    expect((await lookOnce(fleet.world, await opened())).environments).toHaveLength(2);
  });

  test('of the variant everything runs leaves nothing to open', async () => {
    await hold({ kind: 'variant', name: 'standard' });
    expect((await detect(fleet.world)).opened).toBe(false);
  });

  test('is warned of once, a week before its end', async () => {
    const warn = () =>
      warnOfHolds(fleet.world, {
        owner: 'me',
        render: ({ name }) => ({ text: `the hold of ${name} ends`, blocks: [] }),
      });
    await hold(cluster('prod-a'), noon + 30 * day);
    expect(await warn()).toBe(0);
    fleet.clock.advance(23 * day);
    expect(await warn()).toBe(1);
    fleet.clock.advance(hour);
    expect(await warn()).toBe(0);
    expect(fleet.messages.filter(({ text }) => text.includes('the hold of prod-a'))).toHaveLength(
      1,
    );
  });

  describe('is asked about again, once, by whoever set it', () => {
    const question = () =>
      reopenHolds(fleet.world, {
        owner: 'me',
        render(of, doubt, names) {
          const text = holdDoubtText(of, doubt, names);
          return { text, blocks: [] };
        },
      });
    const told = () => fleet.messages.filter(({ text }) => text.startsWith('Is the hold'));

    test('when what runs there is recalled', async () => {
      await hold(cluster('prod-a'));
      expect(await question()).toBe(0);
      const detail = 'kernel panics';
      await recordRecall(fleet.world, { release: oldRelease, because: 'marked', detail });
      expect(await question()).toBe(1);
      fleet.clock.advance(hour);
      expect(await question()).toBe(0);
      expect(told().map(({ channel }) => channel)).toEqual([ann]);
      expect(told()[0]?.text).toContain(`${oldRelease}, which runs there, was taken back`);
      expect(told()[0]?.text).toContain('`/ami unhold prod-a` lifts it now');
    });

    test('when what it keeps away fixes a critical vulnerability, and not for another', async () => {
      const security = (severity: string) => ({
        status: 'checked',
        fixed: [{ id: 'CVE-2026-0001', severity }],
      });
      for (const [severity, asked] of [
        ['important', 0],
        ['critical', 1],
      ] as const) {
        fleet = memoryWorld({ counts: 1 });
        await hold({ kind: 'pool', name: 'general', cluster: 'prod-a' });
        const { rollout } = await detect(fleet.world);
        if (rollout === undefined) throw new Error('nothing was opened');
        const analysis = { risk: { level: 'low' as const }, security: security(severity) };
        await fleet.world.journal.execute(
          rollout,
          { type: 'RecordAnalysis', analysis, now: fleet.clock.now() },
          { actor: { kind: 'amiable' } },
        );
        expect(await question()).toBe(asked);
        expect(told()).toHaveLength(asked);
      }
      expect(told()[0]?.text).toContain('fixes CVE-2026-0001');
      expect(told()[0]?.text).toContain('`/ami unhold prod-a/general`');
    });

    test('and stays as it is meanwhile', async () => {
      await hold(cluster('prod-a'));
      await recordRecall(fleet.world, { release: oldRelease, because: 'marked', detail: 'x' });
      await question();
      expect((await keptBack(fleet.world)).holds).toHaveLength(1);
    });
  });

  test('that was short from the beginning is not warned of', async () => {
    await hold(cluster('prod-a'), noon + 3 * day);
    const render = () => ({ text: 'ends', blocks: [] });
    expect(await warnOfHolds(fleet.world, { owner: 'me', render })).toBe(0);
  });
});

describe('a release that is marked bad', () => {
  const bad = (where: object = {}, by = ann) =>
    ask({ kind: 'mark-bad', by, release: newRelease, where, reason: 'kernel hang in payments' });

  test('is not offered', async () => {
    await bad();
    const { offer } = await detect(fleet.world);
    expect(offer).toMatchObject({
      kind: 'none',
      passedOver: [{ because: 'denied', reason: 'kernel hang in payments' }],
    });
    await ask({ kind: 'clear-bad', by: bo, release: newRelease });
    expect((await detect(fleet.world)).opened).toBe(true);
  });

  test('for one cluster is offered to the others', async () => {
    await bad({ cluster: 'prod-a' });
    const rollout = await lookOnce(fleet.world, await opened());
    expect(rollout.environments[1]?.waves.map(({ clusters }) => clusters)).toEqual([['prod-b']]);
  });

  test('for a minor, an architecture or a variant that nothing runs is offered to all', async () => {
    await bad({ kubernetes: '1.34' });
    await bad({ architecture: 'arm64' });
    await bad({ variant: 'nvidia' });
    const rollout = await lookOnce(fleet.world, await opened());
    expect(rollout.environments[1]?.waves.map(({ clusters }) => clusters)).toEqual([
      ['prod-a'],
      ['prod-b'],
    ]);
  });

  test('while it is under way is asked about again, with the reason', async () => {
    const id = await opened();
    await ask({ kind: 'approve', rollout: id, environment: 'staging', ask: 1, by: ann });
    await bad({ cluster: 'prod-a' });
    const rollout = await lookOnce(fleet.world, id);
    expect(rollout.raised?.because).toBe('marked bad: kernel hang in payments');
    expect(rollout.environments[0]).toMatchObject({
      phase: { name: 'awaiting-approval' },
      asks: 2,
      voided: { because: 'risk-raised' },
    });
  });

  test('needs the right to stop', async () => {
    expect((await bad({}, SlackUserId.parse('U0CY'))).refusal?.code).toBe('not-allowed-to-stop');
    expect((await keptBack(fleet.world)).bad).toEqual([]);
  });
});
