import { describe, expect, test } from 'vitest';
import { carryOut } from '../../../handlers/carry-out.ts';
import { demoManifest, demoPath } from '../../../src/sandbox/demo-world.ts';
import type { RolloutId } from '../../../src/shared/ids.ts';
import { minute } from '../../../src/shared/time.ts';
import { detect } from '../../../src/workflow/detect.ts';
import { recordRecall } from '../../../src/workflow/recalls.ts';
import { lookAtImages } from '../../../src/workflow/unapproved/look-at-images.ts';
import { pinNow, supersedePinning } from '../../../src/workflow/unapproved/pin-now.ts';
import { whyPinningMoves } from '../../../src/workflow/unapproved/still-running.ts';
import { idOf, memoryWorld, newRelease, oldRelease } from '../../fakes/memory-world.ts';
import { ann, bo, policy } from '../../rollout/story.ts';
import { lookOnce, standing } from '../drive.ts';

const prodA = demoPath('production', 'prod-a');
const manifest = demoManifest('prod-a', { alias: 'al2023@latest' });

/** prod-a follows every publication, and runs the newest. */
function onLatest(changes: Parameters<typeof memoryWorld>[0] = {}) {
  const setting = memoryWorld({ files: { [prodA]: manifest }, ...changes });
  const nodes = setting.running.get('prod-a') ?? [];
  setting.running.set(
    'prod-a',
    nodes.map((node) => ({ ...node, imageId: idOf(newRelease, 'eu-west-1') })),
  );
  setting.live.set('prod-a', 'al2023@latest');
  return setting;
}

async function opened(setting: ReturnType<typeof onLatest>): Promise<RolloutId> {
  const done = await pinNow(setting.world, 'prod-a', newRelease, ann);
  if (done.kind !== 'opened') throw new Error(JSON.stringify(done));
  return done.rollout;
}

test('the message has the button exactly where all nodes run one release', async () => {
  const setting = onLatest();
  await lookAtImages(setting.world);
  const blocks = () => JSON.stringify(setting.messages.at(-1)?.blocks);
  expect(blocks()).toContain('images:pin');
  const [first, ...rest] = setting.running.get('prod-a') ?? [];
  if (first === undefined) throw new Error('no nodes');
  setting.running.set('prod-a', [{ ...first, imageId: idOf(oldRelease, 'eu-west-1') }, ...rest]);
  await lookAtImages(setting.world);
  expect(blocks()).not.toContain('images:pin');
});

test('pinning asks the approvers, changes nothing but the alias, and replaces no node', async () => {
  const setting = onLatest({ counts: 1 });
  const { world, clock, git, sync, messages } = setting;
  await lookAtImages(world);
  const id = await opened(setting);
  // Production comes after staging; what moves no node waits for no other environment.
  expect(standing(await lookOnce(world, id))).toEqual(['production awaiting-approval [waiting]']);
  expect(git.text('main', prodA)).toBe(manifest);
  await carryOut(
    world,
    { kind: 'approve', rollout: id, environment: 'production', ask: 1, by: bo },
    'click',
  );
  for (let i = 0; i < 6; i += 1) {
    await lookOnce(world, id);
    clock.advance(2 * minute);
  }
  expect(git.text('main', prodA)).toBe(manifest.replace('al2023@latest', newRelease));
  sync('prod-a');
  for (let i = 0; i < 75; i += 1) {
    await lookOnce(world, id);
    clock.advance(minute);
  }
  expect((await lookOnce(world, id)).outcome).toMatchObject({ name: 'complete' });
  await lookAtImages(world);
  expect(messages.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^Resolved: images of prod-a/),
  ]);
});

test('a second press finds the first one, and a release on offer stays beside it', async () => {
  const setting = onLatest();
  const { rollout: offered } = await detect(setting.world);
  const id = await opened(setting);
  expect(id).not.toBe(offered);
  expect(await pinNow(setting.world, 'prod-a', newRelease, bo)).toEqual({
    kind: 'exists',
    rollout: id,
  });
  await detect(setting.world);
  for (const one of [id, offered as RolloutId])
    expect((await setting.world.journal.refresh(one)).rollout?.outcome).toBeUndefined();
});

test('a proposal that what runs has left behind is superseded: it would take nodes back', async () => {
  const setting = onLatest();
  const id = await opened(setting);
  const later = 'al2023@v20261125' as typeof newRelease;
  setting.published.add(later);
  const nodes = setting.running.get('prod-a') ?? [];
  setting.running.set(
    'prod-a',
    nodes.map((node) => ({ ...node, imageId: idOf(later, 'eu-west-1') })),
  );
  await lookAtImages(setting.world);
  expect((await setting.world.journal.refresh(id)).rollout?.outcome).toMatchObject({
    name: 'superseded',
    by: later,
  });
});

test('what runs is seen again before anything is merged, in every cluster that reads the pin', async () => {
  const setting = onLatest({ counts: 1 });
  const { world, clock, git, running } = setting;
  const id = await opened(setting);
  await lookOnce(world, id);
  await carryOut(
    world,
    { kind: 'approve', rollout: id, environment: 'production', ask: 1, by: bo },
    'click',
  );
  const nodes = running.get('prod-a') ?? [];
  const [first, ...rest] = nodes;
  if (first === undefined) throw new Error('no nodes');
  // Nobody looks at the whole cluster meanwhile.
  running.set('prod-a', [{ ...first, imageId: idOf(oldRelease, 'eu-west-1') }, ...rest]);
  for (let i = 0; i < 6; i += 1) {
    clock.advance(2 * minute);
    await lookOnce(world, id);
  }
  expect(git.text('main', prodA)).toBe(manifest);
  expect([...world.sightings(id).troubles.values()].map(({ what }) => what)).toEqual([
    expect.stringContaining(`1 of the nodes of prod-a run ${oldRelease}`),
  ]);
  running.set('prod-a', nodes);
  for (let i = 0; i < 6; i += 1) {
    clock.advance(2 * minute);
    await lookOnce(world, id);
  }
  expect(git.text('main', prodA)).toBe(manifest.replace('al2023@latest', newRelease));
});

test('only a proposal to pin is asked whether it would replace nodes', async () => {
  const setting = onLatest({ counts: 1 });
  const { world, running } = setting;
  const id = await opened(setting);
  const [first, ...rest] = running.get('prod-a') ?? [];
  if (first === undefined) throw new Error('no nodes');
  running.set('prod-a', [{ ...first, imageId: idOf(oldRelease, 'eu-west-1') }, ...rest]);
  const { rollout } = await world.journal.refresh(id);
  if (rollout === undefined) throw new Error('not opened');
  expect(await whyPinningMoves(world, rollout)).toContain('would replace them');
  expect(await whyPinningMoves(world, { release: newRelease })).toBeUndefined();
});

test('a class of another family that follows its own publications leaves a proposal alone', async () => {
  const setting = onLatest();
  const id = await opened(setting);
  const rollout = async () => (await setting.world.journal.refresh(id)).rollout;
  const open = await rollout();
  if (open === undefined) throw new Error('not opened');
  await supersedePinning(setting.world, [open], 'prod-a', ['bottlerocket@1.50.0']);
  expect((await rollout())?.outcome).toBeUndefined();
  await supersedePinning(setting.world, [open], 'prod-a', ['ami-0a', 'al2023@v20261125']);
  expect((await rollout())?.outcome).toMatchObject({ name: 'superseded' });
});

describe('nothing is proposed', () => {
  test('where a node runs something else', async () => {
    const setting = onLatest();
    setting.running.get('prod-a')?.push({
      ...(setting.running.get('stg')?.[0] as never as { imageId: string }),
      imageId: idOf(oldRelease, 'eu-west-1'),
    } as never);
    expect(await pinNow(setting.world, 'prod-a', newRelease, ann)).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('would replace them'),
    });
  });

  test('where Amiable only observes', async () => {
    const setting = onLatest({
      fleet: { policies: [policy('staging'), policy('production', { mode: 'observe' })] },
    });
    expect(await pinNow(setting.world, 'prod-a', newRelease, ann)).toMatchObject({
      kind: 'refused',
    });
  });

  test('of a release that was taken back', async () => {
    const setting = onLatest();
    await recordRecall(setting.world, {
      release: newRelease,
      because: 'marked',
      detail: 'its notes say so',
    });
    expect(await pinNow(setting.world, 'prod-a', newRelease, ann)).toMatchObject({
      kind: 'refused',
      why: `${newRelease} was taken back: its notes say so`,
    });
  });

  test('once somebody has pinned it by hand', async () => {
    const setting = onLatest();
    setting.git.by.push('main', prodA, demoManifest('prod-a', { alias: newRelease }));
    expect(await pinNow(setting.world, 'prod-a', newRelease, ann)).toMatchObject({
      kind: 'refused',
      why: 'no pin of prod-a says @latest any more',
    });
  });
});
