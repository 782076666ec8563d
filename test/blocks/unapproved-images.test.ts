import { expect, test } from 'vitest';
import { unapprovedImages } from '../../blocks/unapproved-images.ts';
import type { UnapprovedFinding } from '../../src/tracking/unapproved-images.ts';
import { noon } from '../rollout/story.ts';
import { venom } from './hostile.ts';
import { expectFitForSlack, foreignMarkup } from './slack-check.ts';

const release = 'al2023@v20261118';

/** One of each cause, all it takes from outside being `name`. */
function all(name: string): readonly UnapprovedFinding[] {
  const of = { nodeClass: name, nodes: 3 };
  const whats = [name];
  return [
    { ...of, cause: 'latest', value: name, place: name, whats, runs: release },
    {
      ...of,
      cause: 'live-edit',
      whats,
      says: name,
      git: name,
      place: name,
      by: { manager: name, at: noon },
    },
    { ...of, cause: 'git-edit', whats, place: name },
    { ...of, cause: 'earlier-edit', whats, git: name },
    { ...of, cause: 'control-plane', release: name, from: '1.34', to: '1.35', done: 1 },
  ];
}

const where = { cluster: 'prod-a', environment: 'production', isProtected: true };

test('names cause and owner of every finding, in a message that Slack takes', () => {
  const message = unapprovedImages({
    ...where,
    observesOnly: false,
    findings: all('default'),
    since: noon,
  });
  expectFitForSlack(message);
  expect(message.text.match(/Cause: /g)).toHaveLength(5);
  expect(message.text.match(/Owner: /g)).toHaveLength(5);
});

test('lets nothing from outside become markup, however long it is', () => {
  for (const name of [venom, venom.repeat(50)]) {
    const message = unapprovedImages({ ...where, observesOnly: false, findings: all(name) });
    expectFitForSlack(message);
    expect(foreignMarkup(JSON.stringify(message.blocks))).toBe('');
  }
});

test('offers nothing where Amiable only observes', () => {
  const message = unapprovedImages({ ...where, observesOnly: true, findings: all('default') });
  expect(JSON.stringify(message.blocks)).not.toContain('images:pin');
  expect(message.text).toContain('Amiable only observes there, so it proposes nothing.');
});
