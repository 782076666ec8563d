import { expect, test } from 'vitest';
import { logRequiredReviews, reviewsText } from '../../src/workflow/required-reviews.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { policy } from '../rollout/story.ts';

const none = { count: 0, by: [], notChecked: [] };
const one = { count: 1, by: ['a ruleset'], notChecked: [] };
const usual = { policies: [policy('staging'), policy('production')] };
const there = { policies: [policy('staging', { pullRequest: { merge: 'in-github' } })] };

test('people are offered to be asked once where they are asked twice', () => {
  const text = reviewsText(usual, one);
  expect(text).toContain('asked twice');
  expect(text).toContain(
    '{open: on-detection, merge: in-github} instead of approval in staging, production',
  );
  expect(reviewsText(usual, none)).toBeUndefined();
  expect(reviewsText(there, one)).toBeUndefined();
  expect(reviewsText({ policies: [policy('dev', { mode: 'propose' })] }, one)).toBeUndefined();
});

test('where nobody has to review what merging approves, that is said', () => {
  expect(reviewsText(there, none)).toContain('decides alone');
});

test('what GitHub did not tell is "not checked", and never "none"', () => {
  const unknown = { ...none, notChecked: [{ what: 'rulesets', why: 'Upgrade' }] };
  expect(reviewsText(usual, unknown)).toBe('rulesets not checked (Upgrade)');
  expect(reviewsText(there, unknown)).toBe('rulesets not checked (Upgrade)');
});

test('the service says it when it starts, also that GitHub did not answer', async () => {
  const { world } = memoryWorld();
  const told: string[] = [];
  const log = {
    ...world.log,
    warn: (about: object, text: string) => told.push(`${text} ${'what' in about}`),
  };
  const github = { ...world.github, requiredReviews: async () => one };
  await logRequiredReviews({ ...world, log: log as never, github });
  const down = { ...github, requiredReviews: () => Promise.reject(new Error('down')) };
  await logRequiredReviews({ ...world, log: log as never, github: down });
  expect(told).toEqual([
    'reviews on GitHub true',
    'reviews that GitHub asks for: not checked false',
  ]);
});
