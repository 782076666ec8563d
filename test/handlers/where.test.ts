import { afterEach, beforeEach, expect, test } from 'vitest';
import { startDesk } from './desk.ts';

let desk: Awaited<ReturnType<typeof startDesk>>;
beforeEach(async () => {
  desk = await startDesk();
}, 30_000);
afterEach(() => desk.close());

test('anybody sees where a release runs, and has to say which', async () => {
  await desk.type('U0CY', 'where al2023@');
  expect(await desk.told('U0CY')).toMatch(/nodes in \d+ clusters run al2023@/);
  await desk.type('U0BO', 'where');
  expect(await desk.told('U0BO')).toContain('Please say what');
});
