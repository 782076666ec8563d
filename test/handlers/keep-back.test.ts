import { describe, expect, test } from 'vitest';
import { readBad, readHold, scopeOf } from '../../handlers/commands/keep-back.ts';
import { day } from '../../src/shared/time.ts';
import { noon } from '../rollout/story.ts';
import { startDesk } from './desk.ts';

const clusters = ['prod-eu-1', 'prod-us-1'];

describe('what is to be held', () => {
  test.each([
    ['prod-eu-1', { kind: 'cluster', name: 'prod-eu-1' }],
    ['cluster:prod-us-1', { kind: 'cluster', name: 'prod-us-1' }],
    ['nvidia', { kind: 'variant', name: 'nvidia' }],
    ['variant=neuron', { kind: 'variant', name: 'neuron' }],
    ['gpu', { kind: 'pool', name: 'gpu' }],
    ['pool:nvidia', { kind: 'pool', name: 'nvidia' }],
    ['prod-eu-1/gpu', { kind: 'pool', name: 'gpu', cluster: 'prod-eu-1' }],
    ['cluster:prod-xx-1', undefined],
    ['prod-xx-1/gpu', undefined],
    ['<!channel>', undefined],
    ['', undefined],
  ])('%s', (word, scope) => {
    expect(scopeOf(word, clusters)).toEqual(scope);
  });
});

describe('/ami hold', () => {
  const read = (text: string) => readHold(text, clusters, noon, 0);
  test.each([
    'prod-eu-1 until 2026-12-20 waiting for a driver',
    'prod-eu-1 2026-12-20 waiting for a driver',
  ])('%s', (text) => {
    expect(read(text)).toEqual({
      ok: true,
      scope: { kind: 'cluster', name: 'prod-eu-1' },
      until: Date.UTC(2026, 11, 20, 9),
      reason: 'waiting for a driver',
    });
  });
  test.each([
    ['', 'What is to be held?'],
    ['prod-eu-1', 'What is to be held?'],
    ['prod-eu-1 until christmas because', 'Until when?'],
    ['prod-eu-1 until 2026-11-01 because', 'Until when?'],
    ['prod-eu-1 until 91d because', 'At most 90 days'],
    ['prod-eu-1 until 90d', 'Please say why'],
    ['prod-eu1 until 2026-12-20 a driver', 'Did you mean `prod-eu-1`?'],
    ['Prod-us-1 until 2026-12-20 a driver', 'Did you mean `prod-us-1`?'],
    ['variant:nvida until 2026-12-20 a driver', 'There is no variant'],
  ])('%s is answered with what is missing', (text, said) => {
    const answer = read(text);
    expect(answer.ok ? '' : answer.say).toContain(said);
  });
  test.each(['general', 'prod', 'gpu-eu-1'])('a NodePool %s is no slip of a cluster', (name) => {
    expect(read(`${name} until 2026-12-20 a driver`)).toMatchObject({
      scope: { kind: 'pool', name },
    });
  });
  test('takes 90 days, to the minute', () => {
    expect(read('gpu 90d long enough')).toMatchObject({ ok: true, until: noon + 90 * day });
  });
});

describe('/ami bad', () => {
  test('takes a release, where it is bad, and why', () => {
    expect(
      readBad(
        'al2023@v20261118 variant=nvidia minor=1.35 cluster=prod-eu-1 the driver hangs',
        clusters,
      ),
    ).toEqual({
      ok: true,
      release: 'al2023@v20261118',
      where: { variant: 'nvidia', kubernetes: '1.35', cluster: 'prod-eu-1' },
      reason: 'the driver hangs',
    });
  });
  test.each([
    ['v20261118 it hangs for us', 'Which release?'],
    ['al2023@v20261118 short', 'Please say why'],
    ['al2023@v20261118 variant=nvida it hangs for us', 'There is no variant'],
    ['al2023@v20261118 arch=amd64 it hangs for us', 'There is no architecture'],
    ['al2023@v20261118 minor=35 it hangs for us', 'like 1.35'],
    ['al2023@v20261118 cluster=prod-xx-1 it hangs for us', 'There is no cluster'],
  ])('%s is answered with what is missing', (text, said) => {
    const answer = readBad(text, clusters);
    expect(answer.ok ? '' : answer.say).toContain(said);
  });
});

describe('what is kept back', () => {
  test.each([
    [
      'hold prod-a until 2026-12-10 checkout peak',
      'prod-a is held until 2026-12-10: checkout peak.',
    ],
    ['bad al2023@v20261118 kernel hang in checkout', 'is marked bad: kernel hang in checkout.'],
  ])('by “%s” is announced to everybody, and by who may not to nobody', async (typed, said) => {
    const desk = await startDesk();
    try {
      const inChannel = () =>
        desk.slack
          .messages()
          .filter(({ threadTs }) => threadTs === undefined)
          .map(({ text }) => text)
          .slice(1);
      await desk.type('U0CY', typed);
      expect(await desk.told('U0CY')).toContain("You can't freeze merges, hold anything or mark");
      // Whoever may, afterwards: what came of the first is there by then.
      await desk.type('U0ANN', typed);
      await desk.told('U0ANN');
      await expect.poll(inChannel).toEqual([expect.stringContaining(said)]);
      expect(inChannel()[0]).toContain('Ann Lee: ');
    } finally {
      await desk.close();
    }
  });
});
