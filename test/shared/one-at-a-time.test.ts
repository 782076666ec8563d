import { expect, test } from 'vitest';
import { oneAtATime } from '../../src/shared/one-at-a-time.ts';

test('whoever asks while it is under way gets the same answer, and the next one a new one', async () => {
  let done = 0;
  const work = oneAtATime(async () => {
    await Promise.resolve();
    done += 1;
    return done;
  });
  expect(await Promise.all([work(), work(), work()])).toEqual([1, 1, 1]);
  expect(await work()).toBe(2);
});

test('a failure is told to everybody who waits, and not kept', async () => {
  let fails = true;
  const work = oneAtATime(async () => {
    await Promise.resolve();
    if (fails) throw new Error('no answer');
    return 'fine';
  });
  const asked = await Promise.allSettled([work(), work()]);
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  expect(await work()).toBe('fine');
});
