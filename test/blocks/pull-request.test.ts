import { expect, test } from 'vitest';
import { pullRequestDocument } from '../../blocks/pull-request.ts';
import type { Change } from '../../src/rollout/change.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { waveNamed } from '../../src/rollout/rollout.ts';
import { after, ann, bo, repository } from '../rollout/story.ts';
import { hostileName, hostileStory, venom } from './hostile.ts';
import { names, stories } from './stories.ts';

function documentOf(
  events: readonly RolloutEvent[],
  hostile: boolean,
  pins: number,
  wave = 'wave-2',
) {
  const rollout = after(...events);
  const found = waveNamed(rollout, wave === 'rollback-1' ? 'staging' : 'production', wave);
  if (found === undefined) throw new Error('the story has no such wave');
  const change: Change = {
    v: 1,
    environment: 'production',
    release: rollout.release,
    images: [],
    policy: 'p',
    pins: Array.from({ length: pins }, (_, i) => ({
      repository,
      branch: 'main',
      path: hostile ? hostileName(`f${i}`) : `clusters/production/prod-${i}.yaml`,
      object: hostile ? venom : 'EC2NodeClass/default',
      rest: '',
      kind: 'alias' as const,
      from: hostile ? venom : 'al2023@v20261021',
      to: hostile ? venom : 'al2023@v20261118',
      clusters: [...found.clusters],
    })),
  };
  return pullRequestDocument({
    rollout,
    wave: found,
    repository,
    change,
    names: hostile
      ? new Map([
          [ann, venom],
          [bo, venom],
        ])
      : names,
    leftAlone: hostile ? Array.from({ length: 60 }, () => venom) : [],
  });
}

const story = stories['second-wave'] ?? [];

test('a description reads as people reviewed it', async () => {
  const { title, body } = documentOf(story, false, 2);
  await expect(`${title}\n\n${body}\n`).toMatchFileSnapshot('../golden/pull-request.golden.txt');
});

test('a description of the way back says who asked and why', () => {
  const { title, body } = documentOf(stories['rolling-back'] ?? [], false, 1, 'rollback-1');
  expect(title).toBe('Roll back node images of staging to al2023@v20261021 (rollback-1)');
  expect(body).toContain('Bo Chen: Pods lose their connections.');
});

test.each([
  ['a fleet of sixty clusters', 1],
  ['hundreds of files', 400],
])(
  'with the worst data of %s it mentions nobody, closes nothing, holds no HTML and fits GitHub',
  (_, pins) => {
    const { title, body } = documentOf(hostileStory(story), true, pins);
    expect(title.length).toBeLessThanOrEqual(250);
    expect(title).not.toContain('\n');
    expect(body.length).toBeLessThan(65_536);
    // What GitHub would make a mention, a reference, a link or an element of; the target of a link and code are none of these.
    const shown = body
      .replace(/\]\(https:[^\s()]*\)/g, ']')
      .replace(/(?<!\\)`[^`\n]*(?<!\\)`/g, '');
    for (const meant of [/@[a-z0-9]/i, /(?<!&)#\d/, /GH-\d/, /<[a-z/!]/i, /https?:\/\//])
      expect(shown.match(meant)).toBeNull();
    expect(body).toContain('### How to go back');
  },
);
