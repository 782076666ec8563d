import { expect, test } from 'vitest';
import { isClearToUpgrade, upgradeCheckMessage } from '../../blocks/upgrade-check.ts';
import { imageName } from '../../src/images/image-name.ts';
import type { ImageSlot } from '../../src/images/types.ts';
import { demoManifest, demoPath } from '../../src/sandbox/demo-world.ts';
import { ReleaseId } from '../../src/shared/ids.ts';
import type { Images } from '../../src/workflow/ports/images.ts';
import { upgradeCheck } from '../../src/workflow/upgrade-check.ts';
import { expectFitForSlack } from '../blocks/slack-check.ts';
import { memoryWorld, newRelease, oldRelease } from '../fakes/memory-world.ts';

/** Releases by the minors that they have images for: a standard one for each architecture, but those the newest lacks. */
function imagesFor(
  minors: Readonly<Record<string, readonly string[]>>,
  lacks: readonly string[] = [],
): Images {
  const has = (release: string, slot: ImageSlot) =>
    minors[release]?.includes(slot.kubernetes) === true &&
    slot.variant === 'standard' &&
    !(release === newRelease && lacks.includes(`${slot.kubernetes} ${slot.architecture}`));
  const image = (release: string, slot: ImageSlot) => ({
    ...slot,
    release: ReleaseId.parse(release),
    imageId: `ami-${Buffer.from(`${release.slice(-4)}${slot.kubernetes}${slot.architecture}`)
      .toString('hex')
      .slice(0, 17)}`,
    name: imageName(slot, ReleaseId.parse(release)) ?? '',
  });
  return {
    async recommended(slots) {
      return slots.flatMap((slot) => {
        const newest = Object.keys(minors)
          .filter((one) => has(one, slot))
          .sort()
          .at(-1);
        return newest === undefined ? [] : [image(newest, slot)];
      });
    },
    async ofRelease(release, slots) {
      return slots.filter((slot) => has(release, slot)).map((slot) => image(release, slot));
    },
    async describe() {
      return [];
    },
  };
}

const asked = (
  minors: Readonly<Record<string, readonly string[]>>,
  alias: string | undefined,
  to = '1.36',
  but: {
    readonly denied?: readonly { readonly release: ReleaseId; readonly reason: string }[];
    /** Of the newest release's notes. */
    readonly title?: string;
    readonly lacks?: readonly string[];
  } = {},
) => {
  const files =
    alias === undefined ? {} : { [demoPath('staging', 'stg')]: demoManifest('stg', { alias }) };
  const images = imagesFor(minors, but.lacks);
  const { world, announced } = memoryWorld({ images, files, fleet: { denied: but.denied ?? [] } });
  if (but.title !== undefined)
    announced.push({ release: newRelease, title: but.title, publishedAt: 0 });
  return upgradeCheck(world, 'stg', to);
};

test('an alias that has images of the new minor resolves, and every node is replaced', async () => {
  const found = await asked({ [oldRelease]: ['1.35', '1.36'] }, undefined);
  if (typeof found === 'string') throw new Error(found);
  expect(found).toMatchObject({
    cluster: 'stg',
    from: '1.35',
    to: '1.36',
    pins: [{ line: 8, value: oldRelease, verdict: 'resolves' }],
  });
  expect(isClearToUpgrade(found)).toBe(true);
});

test('an alias from before the minor resolves to nothing, and the pin that does is proposed first', async () => {
  const found = await asked({ [oldRelease]: ['1.35'], [newRelease]: ['1.35', '1.36'] }, undefined);
  if (typeof found === 'string') throw new Error(found);
  expect(found.pins).toMatchObject([
    { verdict: 'unresolved', propose: { value: newRelease, when: 'before' } },
  ]);
  expect(isClearToUpgrade(found)).toBe(false);
  const { text, blocks } = upgradeCheckMessage(found);
  expect(text).toContain('not yet. 1 of 1 pin to look at. Move the pins first, then upgrade.');
  expect(JSON.stringify(blocks)).toContain(`Pin it first to: “${newRelease}”`);
});

test('a release for the new minor alone is not proposed: today nothing would launch', async () => {
  const found = await asked({ [oldRelease]: ['1.35'], [newRelease]: ['1.36'] }, undefined);
  if (typeof found === 'string') throw new Error(found);
  expect(found.pins[0]).toMatchObject({
    verdict: 'unresolved',
    says: expect.stringContaining('no release that is fit was found with images for both minors'),
  });
  expect(found.pins[0]?.propose).toBeUndefined();
});

test.each<[string, Parameters<typeof asked>[3]]>([
  ['the configuration denies', { denied: [{ release: newRelease, reason: 'it hangs' }] }],
  ['its publisher took back', { title: '[ABANDONED] AMI Release v20261118' }],
  ['has no arm64 for the new minor', { lacks: ['1.36 arm64'] }],
  ['has no arm64 for the minor of now', { lacks: ['1.35 arm64'] }],
])('a release that %s is not proposed', async (_, but) => {
  for (const alias of [oldRelease, 'al2023@latest']) {
    const minors = { [oldRelease]: ['1.35'], [newRelease]: ['1.35', '1.36'] };
    const found = await asked(minors, alias, '1.36', but);
    if (typeof found === 'string') throw new Error(found);
    expect(found.pins).toHaveLength(1);
    expect(found.pins[0]?.propose).toBeUndefined();
  }
});

test('@latest floats with the upgrade, and a pin is proposed first', async () => {
  const found = await asked({ [newRelease]: ['1.35', '1.36'] }, 'al2023@latest');
  expect(found).toMatchObject({
    pins: [{ verdict: 'floats', propose: { value: newRelease, when: 'before' } }],
  });
});

test('a name stays what it is: its counterpart comes after the upgrade, and three minors are too many', async () => {
  const name = 'amazon-eks-node-al2023-x86_64-standard-1.35-v20261021';
  const text = demoManifest('stg', { alias: oldRelease })
    .replace(`alias: ${oldRelease}`, `name: ${name}`)
    .replace('spec:\n', 'spec:\n  amiFamily: AL2023\n');
  const check = (to: string) => {
    const files = { [demoPath('staging', 'stg')]: text };
    const images = imagesFor({ [oldRelease]: ['1.35', '1.36'] });
    return upgradeCheck(memoryWorld({ images, files }).world, 'stg', to);
  };
  expect(await check('1.36')).toMatchObject({
    pins: [
      {
        verdict: 'stays',
        propose: {
          value: 'amazon-eks-node-al2023-x86_64-standard-1.36-v20261021',
          when: 'after',
        },
      },
    ],
  });
  expect(await check('1.39')).toMatchObject({ pins: [{ verdict: 'too-old' }] });
});

test('an id that nobody knows is not checked, and so nothing is clear', async () => {
  const files = {
    [demoPath('staging', 'stg')]: demoManifest('stg', { id: 'ami-0123456789abcdef0' }),
  };
  const images = imagesFor({ [oldRelease]: ['1.35'] });
  const found = await upgradeCheck(memoryWorld({ images, files }).world, 'stg', '1.36');
  if (typeof found === 'string') throw new Error(found);
  expect(found.pins).toMatchObject([{ verdict: 'not-checked' }]);
  expect(isClearToUpgrade(found)).toBe(false);
});

test.each([
  ['nowhere', '1.36', 'There is no cluster nowhere'],
  ['stg', 'latest', 'is no Kubernetes minor'],
  ['stg', '1.35', 'only goes up'],
])('%s to %s: %s', async (cluster, to, why) => {
  expect(await upgradeCheck(memoryWorld().world, cluster, to)).toContain(why);
});

test('the answer fits for Slack whatever Git says', () => {
  const venom = '<!channel> *_`& '.repeat(20);
  const pin = { path: venom, line: 1, value: venom, says: venom } as const;
  const pins = Array.from({ length: 60 }, () => ({
    ...pin,
    verdict: 'unresolved' as const,
    propose: { value: venom, when: 'before' as const },
  }));
  const problems = [{ path: venom, reason: venom }];
  expectFitForSlack(
    upgradeCheckMessage({ cluster: venom, from: venom, to: venom, pins, problems }),
  );
});
