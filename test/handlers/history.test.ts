import { afterEach, beforeEach, expect, test } from 'vitest';
import { startDesk } from './desk.ts';

let desk: Awaited<ReturnType<typeof startDesk>>;
beforeEach(async () => {
  desk = await startDesk();
  await desk.press('U0ANN', 'approve');
  await expect.poll(() => desk.grants()).toEqual(['U0ANN']);
  await desk.press('U0CY', 'approve');
  await expect.poll(() => desk.refusals()).toHaveLength(1);
  await expect.poll(() => desk.answers()).toBe(2);
  await desk.told('U0CY');
}, 30_000);
afterEach(() => desk.close());

test('anybody sees who decided what, and who tried', async () => {
  await desk.type('U0CY', 'history');
  const told = await desk.told('U0CY');
  expect(told).toContain('What is on record in the last 90 days');
  expect(told).toContain('Ann Lee: approval granted *staging*');
  expect(told).toContain('Cy Park: approval refused *staging*');
  expect(told).toContain(': not an approver · ');
  expect(told).toContain('Amiable: rollout opened');
});

test('of a person, an environment or a cluster when one is named', async () => {
  await desk.type('U0BO', 'history Ann');
  const ofAnn = await desk.told('U0BO');
  expect(ofAnn).toContain('approval granted');
  expect(ofAnn).not.toContain('approval refused');
  await desk.type('U0BO', 'history staging');
  expect(await desk.told('U0BO')).toContain('approval refused *staging*');
  await desk.type('U0BO', 'history prod-a');
  expect(await desk.told('U0BO')).not.toContain('approval granted');
});

test('of what is kept back, with how far and until when; a hold of one cluster is none of another', async () => {
  await desk.type('U0ANN', 'hold prod-a until 2026-12-10 checkout peak');
  await desk.told('U0ANN');
  await desk.type('U0BO', 'history prod-a');
  expect(await desk.told('U0BO')).toMatch(/hold set prod-a until <!date\^\d+\^/);
  await desk.type('U0BO', 'history prod-b');
  expect(await desk.told('U0BO')).not.toContain('hold set');
});

test('a mark that is taken away names its release', async () => {
  await desk.type('U0ANN', 'bad al2023@v20261118 hangs under load');
  await desk.told('U0ANN');
  await desk.type('U0ANN', 'good al2023@v20261118');
  await desk.told('U0ANN');
  await desk.type('U0BO', 'history');
  expect(await desk.told('U0BO')).toContain('Ann Lee: release cleared al2023@v20261118');
});

test('nothing is said to have happened about what is unknown', async () => {
  await desk.type('U0BO', 'history nowhere');
  expect(await desk.told('U0BO')).toContain('Nothing was decided about nowhere');
});
