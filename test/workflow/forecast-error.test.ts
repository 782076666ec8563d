import { expect, test } from 'vitest';
import { forecastErrorText } from '../../blocks/forecast-error.ts';
import { statusMessage } from '../../blocks/status.ts';
import { forecastErrors } from '../../src/rollout/forecast-error.ts';
import { minute } from '../../src/shared/time.ts';
import { fleetStory } from './fleet-story.ts';

test('the forecast is on record with the merge, and its error once all nodes are replaced', async () => {
  const fleet = await fleetStory();
  const errors = async () =>
    forecastErrors((await fleet.store.rollouts.load(fleet.id)).flatMap(({ events }) => events));
  await fleet.approved();
  await fleet.settle();
  fleet.sync('stg');
  await fleet.settle(2);
  expect(await errors()).toEqual([]);
  await fleet.settle(20);
  fleet.replace('stg');
  const rollout = await fleet.settle(2);
  const [error] = await errors();
  // three nodes one after another, at the usual pace of two and a half minutes
  expect(error).toMatchObject({ environment: 'staging', expected: { p50Ms: 8 * minute } });
  expect(error?.tookMs).toBeGreaterThan(20 * minute);
  expect(error?.error).toBeCloseTo((8 * minute - (error?.tookMs ?? 0)) / (error?.tookMs ?? 1));
  const shown = statusMessage([rollout], { cardUrls: new Map(), forecasts: await errors() });
  expect(JSON.stringify(shown.blocks)).toContain('The forecast before the merge: about 8 min (');
});

test.each([
  [-0.25, '18 min', 24 * minute, '25 % too short'],
  [0.5, '18 min', 12 * minute, '50 % too long'],
  [0.001, '18 min', 18 * minute, 'right'],
])('an error of %d is told in words', (error, p50, tookMs, words) => {
  const expected = { p50Ms: 18 * minute, p80Ms: 40 * minute };
  const text = forecastErrorText({ environment: 'prod', wave: 'canary', expected, tookMs, error });
  expect(text).toContain(
    `The forecast before the merge: about ${p50} (${words}), four times in five within 40 min.`,
  );
});
