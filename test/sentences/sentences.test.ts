import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  blockerSentences,
  everyBlocker,
  groupSentences,
  ownerSentences,
  tailRows,
} from './blockers.ts';
import {
  churnSentences,
  deliverySentences,
  forecastSentences,
  healthSentences,
  healthVerdicts,
  liveSentences,
  notHandledSentences,
} from './cluster.ts';
import { cardSentences, milestoneSentences, pageSentences, summarySentences } from './rollout.ts';
import { trackSentences } from './track.ts';

// Every sentence that people see of a rollout's nodes, to be read like prose. The tables are total over the unions they
// tell of, so that a new cause, kind, check, state, event or page does not compile until it is told here.

const chapters = {
  'What holds nodes': blockerSentences,
  'Several that hold nodes': groupSentences,
  'In an owner’s channel': ownerSentences,
  'What follows later': tailRows,
  'How a change is delivered': deliverySentences,
  'What else replaces nodes': churnSentences,
  'What is not handled': notHandledSentences,
  'How new nodes are': healthSentences,
  'What a rollout would mean': forecastSentences,
  'While nodes move': liveSentences,
  'In the thread': milestoneSentences,
  'On the card': cardSentences,
  'At the end': summarySentences,
  'Who is woken': pageSentences,
  'amiable track': trackSentences,
};

test('people read these sentences of a rollout’s nodes', async () => {
  const book = Object.entries(chapters).map(
    ([title, lines]) => `# ${title}\n\n${lines.join('\n')}\n`,
  );
  await expect(book.join('\n')).toMatchFileSnapshot('../golden/tracking-sentences.golden.txt');
});

test('each check of health is told in every way it can come out', () => {
  const told = healthSentences.map((sentence) => sentence.replace(/:.*$/s, ''));
  const possible = Object.entries(healthVerdicts).flatMap(([check, verdicts]) =>
    verdicts.map((verdict) => `${check}, ${verdict}`),
  );
  expect([...new Set(told)].sort()).toEqual(possible.sort());
});

test.each(Object.entries(chapters))('no sentence of “%s” has a hole', (_, lines) => {
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    expect(line).not.toBe('');
    expect(line).not.toMatch(/undefined|null|NaN|\[object| ,|\s\.|\.\.|\(\)|: ?\./);
  }
});

test('docs/cli.md names every cause that scripts may meet', () => {
  const document = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
  const [, listed = ''] = /^\| `cause` \| (.*) \|$/m.exec(document) ?? [];
  expect(listed.split(', ')).toEqual(
    expect.arrayContaining(Object.keys(everyBlocker).map((cause) => `\`${cause}\``)),
  );
});

test('the four conditions page with what they are named for, each once', () => {
  expect(pageSentences).toHaveLength(4);
  for (const sentence of pageSentences) expect(sentence).toMatch(/^(\S+) \(\1\): /);
});
