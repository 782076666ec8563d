import { expect } from 'vitest';
import type { SandboxState } from '../../src/sandbox/state.ts';
import type { Replicas } from './start-replicas.ts';

const twice = (all: readonly string[]) => all.filter((one, i) => all.indexOf(one) !== i);

/** One rollout, one pull request a part, one merge each, one message a slot. */
export function expectOnceEach(
  end: SandboxState,
  { standIns, effects, fatal, log }: Pick<Replicas, 'standIns' | 'effects' | 'fatal' | 'log'>,
  {
    twins = 0,
    tries = 1,
  }: {
    /** Messages that may be doubled: one for each reply that was lost. */
    readonly twins?: number;
    /** How often a merge may be sent; it is done once all the same. */
    readonly tries?: number;
  } = {},
): void {
  expect(end.rollouts.map(({ status }) => status)).toEqual(['complete']);
  const { pulls } = end.github;
  expect(pulls.map(({ merged }) => merged)).toEqual([true, true, true]);
  expect(new Set(pulls.map(({ head }) => head)).size).toBe(3);
  const sent = effects.filter((one) => one.startsWith('merge '));
  // On a busy machine one may take the other for gone; then both may send, and GitHub merges once.
  const senders = log.messages().includes('a replica is gone') ? 2 : 1;
  expect(sent.length).toBeLessThanOrEqual(3 * tries * senders);
  const merges = standIns.github
    .requests()
    .filter(
      ({ method, path, status }) => method === 'PUT' && /\/merge$/.test(path) && status === 200,
    );
  expect(merges).toHaveLength(3);
  const ours = end.slack.messages.filter(({ user }) => user === 'U0AMIABLE');
  expect(ours.filter(({ thread_ts: thread }) => thread === undefined).length).toBeLessThanOrEqual(
    1 + twins,
  );
  const said = ours.map(({ text, blocks }) => JSON.stringify([text, blocks]));
  expect(twice(said).length).toBeLessThanOrEqual(twins);
  for (const cluster of end.clusters) {
    const running = cluster.nodes.filter(({ state }) => state !== 'gone');
    expect(running.every(({ imageId }) => cluster.wanted.includes(imageId))).toBe(true);
  }
  expect(fatal).toEqual([]);
}
