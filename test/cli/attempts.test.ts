import { expect, test } from 'vitest';
import { createAttempts } from '../../src/cli/attempts.ts';
import { reasonOf } from '../../src/cli/reason-of.ts';

test('a read that hangs is missing after its time, and keeps no other waiting', async () => {
  const { attempt, findings } = createAttempts({ withinMs: 20 });
  const hung = attempt('hung', () => new Promise(() => {}));
  const after = attempt('after', async () => undefined, [hung]);
  const later = attempt('later', async () => undefined, [after]);
  await Promise.all([hung, attempt('fine', async () => undefined), after, later]);
  expect(findings()).toEqual([
    { what: 'fine' },
    { what: 'after', needs: 'hung' },
    { what: 'later', needs: 'hung' },
    { what: 'hung', missing: 'no answer within 0.02 s' },
  ]);
});

test('reads are under way together', async () => {
  const { attempt } = createAttempts();
  let meet = (): void => {};
  const met = new Promise<undefined>((resolve) => {
    meet = () => resolve(undefined);
  });
  const [one] = await Promise.all([
    attempt('one', () => met),
    attempt('two', async () => {
      meet();
      return undefined;
    }),
  ]);
  expect(one).toEqual({ what: 'one' });
});

test('a reason tells its causes once, on one line, without the names that stand before it', () => {
  const deep = new Error('connect ECONNREFUSED 127.0.0.1:9');
  const cause = new TypeError('fetch failed', { cause: deep });
  const error = new Error('prod-1: GET /version failed: fetch failed', { cause });
  expect(reasonOf('Kubernetes: prod-1', error)).toBe(
    'GET /version failed: fetch failed: connect ECONNREFUSED 127.0.0.1:9',
  );
  expect(reasonOf('Argo CD: karpenter for prod-1', error)).toMatch(/^GET /);
  expect(reasonOf('Kubernetes: prod-2', error)).toMatch(/^prod-1: GET /);
  expect(reasonOf('GitHub: a/b main', new Error('GitHub: reading:\n  no'))).toBe('reading: no');
  const refused = new AggregateError([deep]);
  expect(reasonOf('x', Object.assign(refused, { code: 'ECONNREFUSED' }))).toBe('ECONNREFUSED');
});
