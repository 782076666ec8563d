import { describe, expect, test } from 'vitest';
import { demoManifest, demoPath } from '../../../src/sandbox/demo-world.ts';
import { ReleaseId } from '../../../src/shared/ids.ts';
import { minute } from '../../../src/shared/time.ts';
import { lookAtImages } from '../../../src/workflow/unapproved/look-at-images.ts';
import type { World } from '../../../src/workflow/world.ts';
import { idOf, memoryWorld, newRelease, oldRelease } from '../../fakes/memory-world.ts';
import { policy } from '../../rollout/story.ts';
import { fleetStory } from '../fleet-story.ts';

type Setting = ReturnType<typeof memoryWorld>;

const prodA = demoPath('production', 'prod-a');
const betweenRelease = ReleaseId.parse('al2023@v20261103');

const told = ({ messages }: Pick<Setting, 'messages'>) =>
  messages.filter(({ text }) =>
    /^(Unapproved image|Second replacement|Resolved: images|Not checked: images)/.test(text),
  );

/** Two looks, far enough apart that what stands at both is believed. */
async function lookTwice({ world, clock }: Pick<Setting, 'world' | 'clock'>) {
  await lookAtImages(world);
  clock.advance(15 * minute);
  return lookAtImages(world);
}

/** The cluster's nodes run what nobody was asked about. */
function runs({ running }: Setting, name: string, release: string, region = 'eu-west-1'): void {
  running.set(
    name,
    (running.get(name) ?? []).map((node) => ({ ...node, imageId: idOf(release, region) })),
  );
}

test('a fleet that runs what its pins say gets no message, and is remembered', async () => {
  const setting = memoryWorld();
  expect(await lookTwice(setting)).toEqual({ checked: 3, unapproved: [], notChecked: [] });
  expect(setting.messages).toEqual([]);
});

test('a cluster that no watched file pins is not checked, which is said, and costs no look', async () => {
  const setting = memoryWorld({ files: { [prodA]: '' } });
  setting.unreachable.add('prod-a');
  expect(await lookTwice(setting)).toEqual({
    checked: 2,
    unapproved: [],
    notChecked: [{ cluster: 'prod-a', why: 'no watched file pins its images' }],
  });
});

describe('`@latest`', () => {
  const files = { [prodA]: demoManifest('prod-a', { alias: 'al2023@latest' }) };

  test('is one message a cluster, however many nodes, looks and replicas', async () => {
    const setting = memoryWorld({ files });
    runs(setting, 'prod-a', newRelease);
    setting.live.set('prod-a', 'al2023@latest');
    await Promise.all([lookAtImages(setting.world), lookAtImages(setting.world)]);
    await lookTwice(setting);
    const [message, ...more] = told(setting);
    expect(more).toEqual([]);
    expect(message?.text).toContain(
      '3 nodes of EC2NodeClass default run al2023@v20261118, which nobody was asked about.',
    );
    expect(message?.text).toContain(`Owner: whoever keeps ${prodA}, line 8, in acme/gitops.`);
    expect(message?.edits).toBe(0);
  });

  test('is resolved by an edit, without a word to anybody, once it is pinned', async () => {
    const setting = memoryWorld({ files });
    runs(setting, 'prod-a', newRelease);
    await lookAtImages(setting.world);
    setting.git.by.push('main', prodA, demoManifest('prod-a', { alias: newRelease }));
    setting.live.set('prod-a', newRelease);
    await lookTwice(setting);
    expect(told(setting).map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Resolved: images of prod-a \(production\)\./),
    ]);
  });

  test('does not look watched once no watched file pins the cluster any more', async () => {
    const setting = memoryWorld({ files });
    runs(setting, 'prod-a', newRelease);
    setting.live.set('prod-a', 'al2023@latest');
    await lookAtImages(setting.world);
    setting.git.by.push('main', prodA, '');
    const { notChecked } = await lookTwice(setting);
    expect(notChecked).toEqual([
      { cluster: 'prod-a', why: expect.stringContaining('default: ') as string },
    ]);
    const [message, ...more] = told(setting);
    expect(more).toEqual([]);
    expect(message?.text).toMatch(/not checked/i);
    expect(message?.text).not.toMatch(/^Resolved/);
  });

  test('says in a protected environment that it is one', async () => {
    const setting = memoryWorld({
      files,
      fleet: { policies: [policy('staging'), policy('production', { protected: true })] },
    });
    runs(setting, 'prod-a', newRelease);
    await lookAtImages(setting.world);
    expect(told(setting)[0]?.text).toContain(
      'production is protected. “Pin it now” proposes to write al2023@v20261118',
    );
  });
});

describe('an edit of the live object', () => {
  test('is told when it still stands at the look after', async () => {
    const setting = memoryWorld();
    await lookAtImages(setting.world);
    setting.live.set('prod-a', newRelease);
    runs(setting, 'prod-a', newRelease);
    setting.clock.advance(15 * minute);
    await lookAtImages(setting.world);
    expect(told(setting)).toEqual([]);
    setting.clock.advance(15 * minute);
    expect(await lookAtImages(setting.world)).toMatchObject({ unapproved: ['prod-a'] });
    expect(told(setting).map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^Unapproved image: prod-a \(production\).*the object in the cluster says al2023@v20261118, and Git says al2023@v20261021/s,
      ),
    ]);
  });

  test('that is healed before is never told', async () => {
    const setting = memoryWorld();
    await lookAtImages(setting.world);
    setting.live.set('prod-a', newRelease);
    runs(setting, 'prod-a', newRelease);
    setting.clock.advance(15 * minute);
    await lookAtImages(setting.world);
    setting.live.set('prod-a', oldRelease);
    runs(setting, 'prod-a', oldRelease);
    await lookTwice(setting);
    expect(told(setting)).toEqual([]);
  });
});

test('a pin moved in Git without an approval is told, but not where Amiable only observes', async () => {
  for (const mode of ['merge', 'observe'] as const) {
    const setting = memoryWorld({
      fleet: { policies: [policy('staging'), policy('production', { mode })] },
    });
    await lookAtImages(setting.world);
    setting.git.by.push('main', prodA, demoManifest('prod-a', { alias: newRelease }));
    setting.live.set('prod-a', newRelease);
    runs(setting, 'prod-a', newRelease);
    await lookTwice(setting);
    expect(told(setting).map(({ text }) => text)).toEqual(
      mode === 'observe' ? [] : [expect.stringContaining('the pin was moved by hand')],
    );
  }
});

test('an approved rollout is no finding: not while it moves, not with nodes left behind, not after', async () => {
  const story = await fleetStory();
  const { world, clock, sync, replace } = story;
  await lookAtImages(world);
  await story.approved();
  await story.settle(4);
  sync('stg');
  replace('stg', 1);
  // Its wave moves it: it is left alone.
  expect(await lookAtImages(world)).toMatchObject({ checked: 2 });
  await story.settle(3);
  replace('stg');
  await story.settle(75);
  clock.advance(minute);
  expect(await lookTwice(story)).toEqual({ checked: 3, unapproved: [], notChecked: [] });
  // A node that was left behind, on what was approved before.
  story.running.get('stg')?.splice(0, 1, {
    ...(story.running.get('stg')?.[0] as NonNullable<ReturnType<typeof story.running.get>>[0]),
    imageId: idOf(oldRelease, 'eu-west-1'),
  });
  expect(await lookTwice(story)).toMatchObject({ unapproved: [] });
  expect(told(story)).toEqual([]);
});

test('a cluster that is seen for the first time in the middle of things begins without an alarm', async () => {
  const setting = memoryWorld();
  setting.published.add(betweenRelease);
  // Git was moved to the new release, and is not delivered yet; some nodes are older than all of it.
  setting.git.by.push('main', prodA, demoManifest('prod-a', { alias: newRelease }));
  setting.live.set('prod-a', betweenRelease);
  runs(setting, 'prod-a', betweenRelease);
  expect(await lookTwice(setting)).toMatchObject({ unapproved: [] });
});

test('an upgrade of the control plane is told as what it is, and resolved when it is through', async () => {
  const setting = memoryWorld();
  const minors = new Map([['prod-a', '1.36']]);
  const at = (release: ReleaseId, minor: string) =>
    `ami-${Buffer.from(`${release}${minor}`).toString('hex')}`;
  const world: World = {
    ...setting.world,
    controlPlanes: {
      ...setting.world.controlPlanes,
      minorOf: async ({ name }) => minors.get(name) ?? '1.35',
    },
    images: {
      ...setting.world.images,
      async ofRelease(release, slots) {
        const images = await setting.world.images.ofRelease(release, slots);
        return images.map((image) =>
          slots[0]?.kubernetes === '1.36'
            ? { ...image, kubernetes: '1.36', imageId: at(release, '1.36') }
            : image,
        );
      },
    },
  };
  const nodes = setting.running.get('prod-a') ?? [];
  setting.running.set(
    'prod-a',
    nodes.map((node, i) => (i === 0 ? { ...node, imageId: at(oldRelease, '1.36') } : node)),
  );
  await lookTwice({ ...setting, world });
  expect(told(setting).map(({ text }) => text)).toEqual([
    expect.stringMatching(
      /^Second replacement: prod-a \(production\).*1 of 3 nodes .* in its image for Kubernetes 1\.36\..*went from Kubernetes 1\.35 to 1\.36/s,
    ),
  ]);
  setting.running.set(
    'prod-a',
    nodes.map((node) => ({ ...node, imageId: at(oldRelease, '1.36') })),
  );
  await lookTwice({ ...setting, world });
  expect(told(setting)[0]?.text).toMatch(/^Resolved: images of prod-a/);
});

test('a cluster that does not answer is not checked, and its message says so', async () => {
  const files = { [prodA]: demoManifest('prod-a', { alias: 'al2023@latest' }) };
  const setting = memoryWorld({ files });
  await lookAtImages(setting.world);
  setting.unreachable.add('prod-a');
  expect(await lookTwice(setting)).toMatchObject({
    checked: 2,
    notChecked: [{ cluster: 'prod-a', why: 'prod-a does not answer' }],
  });
  expect(told(setting)).toMatchObject([
    { text: expect.stringMatching(/^Not checked: images of prod-a/), edits: 1 },
  ]);
  setting.unreachable.clear();
  await lookAtImages(setting.world);
  expect(told(setting)).toMatchObject([
    { text: expect.stringMatching(/^Unapproved image: prod-a/), edits: 2 },
  ]);
});

test('a pin of which nobody can say the image is not checked, which is not the same as fine', async () => {
  const setting = memoryWorld({
    files: { [prodA]: demoManifest('prod-a', { id: 'ami-0000000000000000a' }) },
  });
  expect(await lookAtImages(setting.world)).toMatchObject({
    notChecked: [{ cluster: 'prod-a', why: expect.stringContaining('default: ') }],
  });
});

test('a message is not called resolved while nobody can say what its class is to run', async () => {
  const files = { [prodA]: demoManifest('prod-a', { alias: 'al2023@latest' }) };
  const setting = memoryWorld({ files });
  await lookAtImages(setting.world);
  const write = (manifest: string) => setting.git.by.push('main', prodA, manifest);
  write(demoManifest('prod-a', { id: 'ami-0000000000000000a' }));
  for (let looks = 0; looks < 2; looks += 1) {
    await lookTwice(setting);
    expect(told(setting)).toMatchObject([
      { text: expect.stringMatching(/^Not checked: images of prod-a .*default.* is to run/) },
    ]);
  }
  write(demoManifest('prod-a', { alias: oldRelease }));
  await lookTwice(setting);
  expect(told(setting)).toMatchObject([{ text: expect.stringMatching(/^Resolved: images/) }]);
});

test('a fleet on `@latest` that is connected for the first time does not fill the channel at once', async () => {
  const names = Array.from({ length: 8 }, (_, i) => `stg-${i}`);
  const setting = memoryWorld({
    files: Object.fromEntries(
      names.map((name) => [
        demoPath('staging', name),
        demoManifest(name, { alias: 'al2023@latest' }),
      ]),
    ),
    fleet: {
      clusters: names.map((name) => ({
        name,
        environment: 'staging',
        region: 'eu-west-1',
        kubernetes: '1.35',
      })),
    },
  });
  for (const name of names) setting.running.set(name, [...(setting.running.get('prod-a') ?? [])]);
  await lookAtImages(setting.world);
  expect(told(setting)).toHaveLength(5);
  await lookAtImages(setting.world);
  expect(told(setting)).toHaveLength(8);
});
