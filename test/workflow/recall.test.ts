import { describe, expect, test } from 'vitest';
import { ReleaseId } from '../../src/shared/ids.ts';
import { day, hour, minute } from '../../src/shared/time.ts';
import { detect } from '../../src/workflow/detect.ts';
import { freeze } from '../../src/workflow/freeze.ts';
import { globalStop } from '../../src/workflow/global-stop.ts';
import type { DescribedImage } from '../../src/workflow/ports/images.ts';
import { idOf, memoryWorld, newRelease, oldRelease } from '../fakes/memory-world.ts';
import { ann, bo } from '../rollout/story.ts';
import { lookOnce } from './drive.ts';

type Setting = ReturnType<typeof memoryWorld>;

const alerts = ({ messages }: Setting) =>
  messages.filter(({ text }) => text.startsWith('Recalled: '));

const lifts = ({ messages }: Setting) =>
  messages.filter(({ text }) => text.startsWith('Recall lifted: '));

const blocksOf = ({ blocks }: { readonly blocks: unknown }) => JSON.stringify(blocks);

/** SSM goes back: what was recommended is the release before. */
function goBack({ published }: Setting): void {
  published.delete(newRelease);
}

async function offered(setting: Setting) {
  const { rollout } = await detect(setting.world);
  if (rollout === undefined) throw new Error('nothing was offered');
  return rollout;
}

async function stateOf({ world }: Setting, id: Awaited<ReturnType<typeof offered>>) {
  const { rollout } = await world.journal.refresh(id);
  if (rollout === undefined) throw new Error('there is no rollout');
  return rollout;
}

describe('a recommendation that moves backward', () => {
  test('withdraws the proposal with the reason and closes the rollout', async () => {
    const setting = memoryWorld();
    const id = await offered(setting);
    await lookOnce(setting.world, id);
    goBack(setting);
    const found = await detect(setting.world);
    expect(found.recalled).toMatchObject([
      {
        release: newRelease,
        because: 'moved-back',
        detail: `${oldRelease} is recommended again in eu-west-1, us-east-1`,
      },
    ]);
    await lookOnce(setting.world, id);
    expect(await stateOf(setting, id)).toMatchObject({
      outcome: { name: 'withdrawn' },
      recalled: { reason: expect.stringContaining('is recommended again') },
    });
  });

  test('is one alert, however often and by whomever it is looked at', async () => {
    const setting = memoryWorld();
    await offered(setting);
    goBack(setting);
    await Promise.all([detect(setting.world), detect(setting.world)]);
    setting.clock.set(setting.clock.now() + hour);
    await detect(setting.world);
    expect(alerts(setting)).toHaveLength(1);
    const events = (await setting.store.global.load('global')).flatMap(({ events: all }) => all);
    expect(events.map(({ type }) => type)).toEqual(['ReleaseRecalled']);
  });

  test('is alerted after Slack was down, and the recall is not forgotten meanwhile', async () => {
    const setting = memoryWorld();
    await offered(setting);
    goBack(setting);
    const deaf = { ...setting.world, effects: { ...setting.world.effects } };
    deaf.effects.run = async () => {
      throw new Error('Slack does not answer');
    };
    await detect(deaf);
    expect(alerts(setting)).toEqual([]);
    setting.clock.set(setting.clock.now() + hour);
    await detect(setting.world);
    expect(alerts(setting)).toHaveLength(1);
  });

  test('keeps the release from being offered while any region still recommends the older one', async () => {
    const setting = memoryWorld();
    await offered(setting);
    goBack(setting);
    await detect(setting.world);
    const { recommended } = setting.world.images;
    const found = await detect({
      ...setting.world,
      images: {
        ...setting.world.images,
        async recommended(slots) {
          const isBehind = ({ region }: { readonly region: string }) => region === 'us-east-1';
          const old = await recommended(slots.filter(isBehind));
          setting.published.add(newRelease);
          return [...old, ...(await recommended(slots.filter((slot) => !isBehind(slot))))];
        },
      },
    });
    expect(found).toMatchObject({
      opened: false,
      offer: { kind: 'none', passedOver: [{ release: newRelease, because: 'recalled' }] },
    });
    expect(lifts(setting)).toEqual([]);
  });

  test('that goes forward again everywhere is said once, and the release is offered anew', async () => {
    const setting = memoryWorld();
    const first = await offered(setting);
    goBack(setting);
    await detect(setting.world);
    await lookOnce(setting.world, first);
    setting.published.add(newRelease);
    const found = await detect(setting.world);
    expect(found).toMatchObject({ recalled: [], opened: true, offer: { release: newRelease } });
    expect(found.rollout).not.toBe(first);
    await Promise.all([detect(setting.world), detect(setting.world)]);
    expect(lifts(setting)).toHaveLength(1);
    expect(lifts(setting)[0]?.text).toContain('it is recommended again in eu-west-1, us-east-1');
    expect(alerts(setting)).toHaveLength(1);
  });

  test('twice is alerted twice', async () => {
    const setting = memoryWorld();
    await offered(setting);
    for (const expected of [1, 2]) {
      goBack(setting);
      setting.clock.set(setting.clock.now() + hour);
      expect((await detect(setting.world)).recalled).toHaveLength(1);
      expect(alerts(setting)).toHaveLength(expected);
      setting.published.add(newRelease);
      setting.clock.set(setting.clock.now() + hour);
      expect((await detect(setting.world)).recalled).toEqual([]);
      expect(lifts(setting)).toHaveLength(expected);
    }
  });

  test('that could not be recorded is seen again at the next look', async () => {
    const setting = memoryWorld();
    await offered(setting);
    goBack(setting);
    const { global } = setting.world.store;
    const broken = {
      ...setting.world,
      store: {
        ...setting.world.store,
        global: {
          ...global,
          append: async () => {
            throw new Error('the table does not answer');
          },
        },
      },
    };
    await expect(detect(broken)).rejects.toThrow('the table does not answer');
    expect((await detect(setting.world)).recalled).toHaveLength(1);
  });

  test('leaves a freeze as it stands', async () => {
    const setting = memoryWorld();
    await offered(setting);
    await freeze(setting.world, { by: ann, reason: 'black friday', cause: 'x' });
    goBack(setting);
    await detect(setting.world);
    expect(await globalStop(setting.world)).toMatchObject({ reason: 'black friday' });
    expect(await freeze(setting.world, { by: bo, reason: 'again', cause: 'y' })).toBe(false);
  });
});

test('a mark in the title withdraws the release, and one that concerns nobody wakes nobody', async () => {
  const setting = memoryWorld();
  const id = await offered(setting);
  setting.announced.push({
    release: newRelease,
    title: '[ABANDONED] AMI Release v20261118',
    publishedAt: setting.clock.now() - day,
  });
  setting.announced.push({
    release: ReleaseId.parse('al2023@v20261103'),
    title: '[Recalled] AMI Release v20261103',
    publishedAt: setting.clock.now() - 20 * day,
  });
  setting.announced.push({
    release: ReleaseId.parse('al2023@v20200101'),
    title: '[Recalled] AMI Release v20200101',
    publishedAt: 0,
  });
  const found = await detect(setting.world);
  expect(found.recalled.map(({ release }) => release)).toEqual([newRelease, 'al2023@v20261103']);
  await lookOnce(setting.world, id);
  expect((await stateOf(setting, id)).outcome).toMatchObject({ name: 'withdrawn' });
  expect(alerts(setting)).toHaveLength(1);
  expect(alerts(setting)[0]?.text).toContain('[ABANDONED] AMI Release v20261118');
});

test('a release that is marked is told to those whose nodes run it under @latest', async () => {
  const setting = memoryWorld();
  const { world, running } = setting;
  // Nothing of it was ever proposed: the release is too young.
  const young = { ...world, fleet: { ...world.fleet, environments: [] } };
  await detect(young);
  const imageId = idOf(newRelease, 'us-east-1');
  running.set(
    'prod-b',
    (running.get('prod-b') ?? []).map((node) => ({ ...node, imageId })),
  );
  const read = world.pins.read.bind(world.pins);
  const floats = {
    ...young,
    pins: {
      ...world.pins,
      async read() {
        const watched = await read();
        return {
          ...watched,
          pins: watched.pins.map((one) =>
            one.clusters.includes('prod-b')
              ? { ...one, pin: { ...one.pin, value: 'al2023@latest' } }
              : one,
          ),
        };
      },
    },
  };
  const publishedAt = setting.clock.now() - day;
  const title = '[Recalled] AMI Release v20261118';
  setting.announced.push({ release: newRelease, title, publishedAt });
  await detect(floats);
  const [alert] = alerts(setting);
  expect(alert?.text).toContain('Nodes run it though no pin names it: prod-b (production).');
});

test('a mark that is taken away lifts the recall, unless the recommendation went back meanwhile', async () => {
  const setting = memoryWorld();
  await offered(setting);
  const title = (text: string) => {
    setting.announced.length = 0;
    setting.announced.push({
      release: newRelease,
      title: text,
      publishedAt: setting.clock.now() - day,
    });
  };
  title('[ABANDONED] AMI Release v20261118');
  expect((await detect(setting.world)).recalled).toHaveLength(1);
  goBack(setting);
  title('AMI Release v20261118');
  expect((await detect(setting.world)).recalled).toMatchObject([{ because: 'marked' }]);
  setting.published.add(newRelease);
  expect((await detect(setting.world)).recalled).toEqual([]);
  expect(lifts(setting)[0]?.text).toContain('its notes are called "AMI Release v20261118" again');
});

test('an image that is fit again lifts nothing', async () => {
  const setting = memoryWorld();
  await offered(setting);
  const { describe: asBefore } = setting.world.images;
  await detect({
    ...setting.world,
    images: {
      ...setting.world.images,
      describe: async (region, ids) =>
        (await asBefore(region, ids)).map((image) => ({ ...image, state: 'disabled' })),
    },
  });
  expect((await detect(setting.world)).recalled).not.toEqual([]);
});

test.for([
  ['disabled', { state: 'disabled' }, 'is disabled'],
  ['unavailable', { state: 'deregistered' }, 'is deregistered'],
  ['deprecated', { deprecatedAt: 'an hour ago' }, 'is deprecated since'],
] as const)(
  'an image that became %s is a recall of its release',
  async ([because, part, words]) => {
    const setting = memoryWorld();
    await offered(setting);
    const { describe: asBefore } = setting.world.images;
    const found = await detect({
      ...setting.world,
      images: {
        ...setting.world.images,
        async describe(region, ids) {
          const spoilt: Partial<DescribedImage> =
            'state' in part
              ? part
              : { deprecatedAt: new Date(setting.clock.now() - hour).toISOString() };
          return (await asBefore(region, ids)).map((image) =>
            image.name.endsWith('v20261118') && region === 'us-east-1'
              ? { ...image, ...spoilt }
              : image,
          );
        },
      },
    });
    expect(found.recalled).toMatchObject([
      { release: newRelease, because, detail: expect.stringContaining(`in us-east-1 ${words}`) },
    ]);
    expect(alerts(setting)).toHaveLength(1);
  },
);

test('an image deprecated long ago is old news', async () => {
  const setting = memoryWorld();
  const { describe: asBefore } = setting.world.images;
  const found = await detect({
    ...setting.world,
    images: {
      ...setting.world.images,
      async describe(region, ids) {
        const deprecatedAt = new Date(setting.clock.now() - 8 * day).toISOString();
        return (await asBefore(region, ids)).map((image) => ({ ...image, deprecatedAt }));
      },
    },
  });
  expect(found.recalled).toEqual([]);
  expect(alerts(setting)).toEqual([]);
});

test('after a merge nothing more goes forward, and the alert has the way back', async () => {
  const setting = memoryWorld();
  const { world, clock, sync, replace } = setting;
  const id = await offered(setting);
  await lookOnce(world, id);
  for (const by of [ann, bo]) {
    await world.journal.execute(
      id,
      { type: 'Approve', environment: 'staging', ask: 1, by, may: 'yes', now: clock.now() },
      { actor: { kind: 'slack', id: by } },
    );
  }
  for (let i = 0; i < 6; i += 1) {
    await lookOnce(world, id);
    clock.set(clock.now() + 2 * minute);
  }
  sync('stg');
  replace('stg', 1);
  await lookOnce(world, id);
  const before = await stateOf(setting, id);
  expect(before.environments[0]?.waves[0]?.parts[0]?.mergeSha).toBeDefined();
  goBack(setting);
  await detect(world);
  const [alert] = alerts(setting);
  expect(alert?.text).toContain('stg (staging)');
  expect(blocksOf(alert ?? { blocks: [] })).toContain('rollout:rollback');
  expect(blocksOf(alert ?? { blocks: [] })).toContain(id);
  // A click on it must not take the alert for a second card.
  expect((await setting.store.slots.list(id)).map(({ ts }) => ts)).toContain(alert?.ts);
  const after = await stateOf(setting, id);
  expect(after.outcome).toBeUndefined();
  expect(after.environments.map(({ phase }) => phase.name)).toEqual(['withdrawn', 'withdrawn']);
  replace('stg');
  // A soak counts only what was seen: looked at every minute, as the service does.
  for (let i = 0; i < 90; i += 1) {
    await lookOnce(world, id);
    clock.set(clock.now() + minute);
  }
  expect((await stateOf(setting, id)).outcome).toMatchObject({ name: 'withdrawn' });
});
