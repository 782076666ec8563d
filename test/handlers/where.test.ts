import { afterEach, beforeEach, expect, test } from 'vitest';
import { recoveryOption } from '../../blocks/recovery-modal.ts';
import { carryOut } from '../../handlers/carry-out.ts';
import { ReleaseId, type RolloutId } from '../../src/shared/ids.ts';
import { hour, minute } from '../../src/shared/time.ts';
import { detect } from '../../src/workflow/detect.ts';
import { lookOnce } from '../workflow/drive.ts';
import { startDesk } from './desk.ts';

let desk: Awaited<ReturnType<typeof startDesk>>;
beforeEach(async () => {
  desk = await startDesk();
}, 30_000);
afterEach(() => desk.close());

test('anybody sees where a release runs, and has to say which', async () => {
  await desk.type('U0CY', 'where al2023@');
  expect(await desk.told('U0CY')).toMatch(/nodes in \d+ clusters run al2023@/);
  await desk.type('U0BO', 'where');
  expect(await desk.told('U0BO')).toContain('Please say what');
});

/** Approves an environment, and looks until its clusters are replaced and have soaked. */
async function moved(id: RolloutId, environment: string, clusters: readonly string[]) {
  for (const by of ['U0ANN', 'U0BO']) {
    const { rollout } = await desk.world.journal.known(id);
    const ask = rollout?.environments.find(({ policy }) => policy.name === environment)?.asks ?? 1;
    const request = { kind: 'approve', rollout: id, environment, ask, by } as never;
    await carryOut(desk.world, request, `${id} ${environment} ${by}`);
  }
  for (let i = 0; i < 150; i += 1) {
    for (const cluster of clusters) {
      desk.sync(cluster);
      desk.replace(cluster);
    }
    await lookOnce(desk.world, id);
    desk.clock.advance(minute);
  }
}

/** Staging runs the newest release, production the one before: two rollouts brought them. */
async function twoReleases(): Promise<RolloutId> {
  await moved(desk.id, 'staging', ['stg']);
  await moved(desk.id, 'production', ['prod-a', 'prod-b']);
  expect((await desk.known()).rollout.outcome?.name).toBe('complete');
  desk.published.add(ReleaseId.parse('al2023@v20261119'));
  desk.clock.advance(hour);
  const { rollout } = await detect(desk.world);
  if (rollout === undefined) throw new Error('nothing was opened');
  await lookOnce(desk.world, rollout);
  await moved(rollout, 'staging', ['stg']);
  return rollout;
}

async function opened(user: string) {
  await desk.type(user, 'where v2026111');
  expect(await desk.told(user)).toMatch(/9 nodes in 3 clusters run v2026111/);
  const answer = desk.slack.ephemerals().findLast(({ onlyFor }) => onlyFor === user);
  const shown = desk.slack.click({
    user,
    messageTs: answer?.ts ?? '',
    actionId: 'recovery:open',
    expectView: true,
  });
  return (await shown).view;
}

test('one recovery card takes back chosen clusters of several rollouts', async () => {
  const second = await twoReleases();
  const view = await opened('U0BO');
  expect(JSON.stringify(view)).toContain('stg → al2023@v20261118');
  expect(JSON.stringify(view)).toContain('prod-b → al2023@v20261021');
  const submitted = await desk.slack.submit({
    user: 'U0BO',
    viewId: view?.id ?? '',
    values: {
      clusters: { choice: [recoveryOption(second, 'stg'), recoveryOption(desk.id, 'prod-b')] },
      reason: { text: 'the kernel hangs under load' },
    },
  });
  expect(submitted).toMatchObject({ ok: true });
  const back = async (id: RolloutId) => {
    const { rollout } = await desk.world.journal.refresh(id);
    return rollout?.environments.flatMap(({ recoveries }) =>
      recoveries.flatMap(({ clusters, recovery }) => [...clusters, recovery?.to]),
    );
  };
  expect(await back(second)).toEqual(['stg', 'al2023@v20261118']);
  expect(await back(desk.id)).toEqual(['prod-b', 'al2023@v20261021']);
}, 30_000);

test('who may stop nothing is shown no recovery card, and told who may', async () => {
  await twoReleases();
  await desk.type('U0CY', 'where v2026111');
  await desk.told('U0CY');
  const answer = desk.slack.ephemerals().at(-1);
  const pressed = desk.slack.click({
    user: 'U0CY',
    messageTs: answer?.ts ?? '',
    actionId: 'recovery:open',
  });
  expect(await desk.told('U0CY')).toContain("You can't stop or roll back");
  await pressed;
  expect((await desk.known()).rollout.rollback).toBeUndefined();
}, 30_000);

test('an answer of yesterday opens no card: nodes moved on since', async () => {
  await twoReleases();
  await desk.type('U0BO', 'where v2026111');
  await desk.told('U0BO');
  const answer = desk.slack.ephemerals().at(-1);
  desk.clock.advance(2 * hour);
  void desk.slack.click({
    user: 'U0BO',
    messageTs: answer?.ts ?? '',
    actionId: 'recovery:open',
  });
  expect(await desk.told('U0BO')).toContain('more than an hour ago');
}, 30_000);

test('anybody may ask whether the pins of a cluster resolve at another minor', async () => {
  await desk.type('U0CY', 'upgrade-check stg 1.36');
  expect(await desk.told('U0CY')).toContain('stg from 1.35 to 1.36');
  await desk.type('U0CY', 'upgrade-check');
  expect(await desk.told('U0CY')).toContain('Which cluster, and to which minor?');
});
