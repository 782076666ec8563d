import { beforeEach, describe, expect, test } from 'vitest';
import { carryOut } from '../../handlers/carry-out.ts';
import { demoManifest, demoPath } from '../../src/sandbox/demo-world.ts';
import type { RolloutId } from '../../src/shared/ids.ts';
import { minute } from '../../src/shared/time.ts';
import { detect } from '../../src/workflow/detect.ts';
import { createJournal } from '../../src/workflow/journal.ts';
import { keptLog } from '../adapters/slack/bolt-fixture.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { ann, bo } from '../rollout/story.ts';
import { lookOnce, standing } from '../workflow/drive.ts';

const stg = demoPath('staging', 'stg');
const malformed = demoManifest('stg', { alias: 'al2023@v20261021' }).replace('spec:', 'spec: [');

let fleet: ReturnType<typeof memoryWorld>;
let kept: ReturnType<typeof keptLog>;
beforeEach(() => {
  fleet = memoryWorld();
  kept = keptLog();
});
const world = () => ({
  ...fleet.world,
  log: kept.log,
  journal: createJournal(fleet.store.rollouts),
});

async function approve(here: ReturnType<typeof world>, id: RolloutId, number = 1): Promise<void> {
  for (const by of [ann, bo]) {
    const request = {
      kind: 'approve',
      rollout: id,
      environment: 'staging',
      ask: number,
      by,
    } as const;
    await carryOut(here, request, `${by} ${number} ${Math.random()}`);
  }
}

async function settle(here: ReturnType<typeof world>, id: RolloutId) {
  for (let i = 0; i < 6; i += 1) {
    await lookOnce(here, id);
    fleet.clock.advance(minute);
  }
  return lookOnce(here, id);
}

describe('before anything is offered', () => {
  test.each([
    ['malformed YAML', malformed],
    ['random bytes', '\u0000\u0001\ufffd{{{'],
    ['nothing', ''],
    ['YAML of another kind', 'kind: ConfigMap\n'],
  ])('%s in a watched file keeps nobody else from moving', async (_, text) => {
    fleet.git.by.push('main', stg, text);
    const here = world();
    const found = await detect(here);
    expect(found.opened).toBe(true);
    const rollout = await settle(here, found.rollout as RolloutId);
    expect(rollout.environments.map(({ policy }) => policy.name)).toEqual(['production']);
  });

  test.each([
    ['with its pin', malformed],
    ['in which no pin is recognised', 'kind: EC2NodeClass\namiSelectorTerms: [\n  foo: }\n'],
  ])('malformed YAML %s is named in the log', async (_, text) => {
    fleet.git.by.push('main', stg, text);
    await detect(world());
    expect(kept.lines).toContainEqual(
      expect.objectContaining({
        message: 'not looked after',
        fields: expect.objectContaining({
          path: stg,
          reason: expect.stringContaining('does not parse as YAML'),
        }),
      }),
    );
  });

  test.each(['al2023@v20990101', 'al2023@v20261399', 'al2023@vnext', 'al2023@'])(
    'an alias of an unknown version (%s) is left alone, and the others move',
    async (alias) => {
      fleet.git.by.push('main', stg, demoManifest('stg', { alias }));
      const here = world();
      const found = await detect(here);
      if (found.rollout !== undefined) await settle(here, found.rollout);
      expect(fleet.git.text('main', stg)).toContain(alias);
      expect(found.rollout).toBeDefined();
    },
  );
});

describe('after it was approved', () => {
  test.each([
    ['malformed', malformed],
    ['without its pin', 'kind: ConfigMap\n'],
    ['of an alias nobody knows', demoManifest('stg', { alias: 'al2023@v20990101' })],
  ])('a file that became %s is not written to, and the rollout does not hang', async (_, text) => {
    const here = world();
    const { rollout: id } = await detect(here);
    if (id === undefined) throw new Error('nothing was opened');
    await lookOnce(here, id);
    await approve(here, id);
    fleet.git.by.push('main', stg, text);
    const rollout = await settle(here, id);
    expect(fleet.git.text('main', stg)).toBe(text);
    expect(standing(rollout)[0]).not.toMatch(/merging|merged|syncing/);
    expect(here.sightings(id).troubles.size + kept.lines.length + voids(rollout)).toBeGreaterThan(
      0,
    );
  });
});

test.each(['before', 'after'])(
  'a file that vanishes %s the approval is not made anew',
  async (when) => {
    const here = world();
    const { rollout: id } = await detect(here);
    if (id === undefined) throw new Error('nothing was opened');
    await lookOnce(here, id);
    if (when === 'after') await approve(here, id);
    fleet.git.by.remove('main', stg);
    if (when === 'before') await approve(here, id);
    const rollout = await settle(here, id);
    expect(fleet.git.pulls.filter(({ merged }) => merged)).toEqual([]);
    expect(voids(rollout)).toBe(1);
  },
);

/** Whether the record says that the change is no more what was approved. */
function voids(rollout: Awaited<ReturnType<typeof settle>>): number {
  const [staging] = rollout.environments;
  return staging?.overtaken !== undefined ||
    (staging?.ask?.number ?? 0) > 1 ||
    staging?.ask?.grants.length === 0
    ? 1
    : 0;
}
