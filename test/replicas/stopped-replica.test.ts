import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { demo } from '../../src/sandbox/demo-world.ts';
import type { SandboxState } from '../../src/sandbox/state.ts';
import { type Replicas, startReplicas } from './start-replicas.ts';

/** Longer than what a process looked at before a merge is good for, in real time. */
const longMs = 12_000;

/** Slow enough for somebody to say something before the other replica takes over, 45 to 90 s after the stop. */
const slow = 6;

const staging = (now: SandboxState) => now.rollouts[0]?.environments[0];
const wave = (now: SandboxState) => staging(now)?.waves[0]?.phase;
const merges = ({ standIns }: Replicas) =>
  standIns.github
    .requests()
    .filter(
      ({ method, path, status }) => method === 'PUT' && path.endsWith('/merge') && status === 200,
    ).length;
const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** `T` of /proc: the process was stopped by a signal. */
const isStopped = (pid: number | undefined) =>
  pid !== undefined && /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

/** A replica that decided to merge staging and sleeps before it sends it, and another one that is awake. */
async function stoppedBeforeMerge(speed = 12) {
  const replicas = await startReplicas({ count: 0, speed });
  const child = replicas.startChild('before:merge:1');
  await replicas.approve('staging');
  await replicas.until('the stop', () => isStopped(child.pid()));
  expect(wave(await replicas.state())).toBe('merging');
  expect(merges(replicas)).toBe(0);
  await replicas.start();
  return { replicas, child };
}

/** Says it until a replica that is awake hears it: Slack shows a failure, and people press again. */
async function say(replicas: Replicas, text: string): Promise<void> {
  for (let i = 0; i < 5; i += 1) {
    if ((await replicas.type('U0BO', text)).ack) return;
  }
  throw new Error(`nobody heard ${text}`);
}

const told = (replicas: Replicas) =>
  replicas.standIns.slack
    .ephemerals()
    .map(({ blocks }) => JSON.stringify(blocks))
    .join('\n');

// Whether a process is stopped is read from /proc.
describe.skipIf(process.platform !== 'linux')(
  'a replica that sleeps between deciding and merging',
  { concurrent: true },
  () => {
    test('does not merge after a freeze, and it is merged once after the thaw', async () => {
      const { replicas, child } = await stoppedBeforeMerge(slow);
      // Slack gives up a connection that answers no ping; until then each word to the sleeping replica takes three
      // seconds to fail, and the other one may have merged before it hears of the freeze.
      replicas.standIns.slack.sockets.cut();
      await replicas.standIns.slack.sockets.whenConnected();
      await say(replicas, 'freeze black friday');
      await replicas.until('the merge is held', (now) => wave(now) === 'pull-request');
      await rest(longMs);
      await child.kill('SIGCONT');
      await rest(4_000);
      expect(merges(replicas)).toBe(0);
      await say(replicas, 'unfreeze');
      await replicas.until(
        'the merge',
        (now) => staging(now)?.phase === 'rolling' && merges(replicas) === 1,
      );
      await rest(2_000);
      expect(merges(replicas)).toBe(1);
      await replicas.stop();
    });

    test('does not merge what somebody pushed to, and it is asked again', async () => {
      const { replicas, child } = await stoppedBeforeMerge();
      const { github } = replicas.standIns;
      const head = github.pulls()[0]?.head.branch ?? '';
      github.repository(demo.repository).push('octocat', head, 'notes.txt', 'by somebody else\n');
      await replicas.until('it asks again', (now) => staging(now)?.phase === 'awaiting-approval');
      await rest(longMs);
      await child.kill('SIGCONT');
      await rest(4_000);
      expect(merges(replicas)).toBe(0);
      expect(staging(await replicas.state())?.approvals).toEqual([]);
      await replicas.until('its button', () => replicas.card() !== undefined);
      for (const user of ['U0ANN', 'U0BO'])
        await replicas.until(`${user} approves`, (now) => {
          if (staging(now)?.approvals.includes(user as never) || merges(replicas) === 1)
            return true;
          void replicas.press(user, 'approve');
          return false;
        });
      await replicas.until(
        'the merge',
        (now) => merges(replicas) === 1 && staging(now)?.phase === 'rolling',
      );
      await replicas.stop();
    });

    test('is overtaken: the "no" comes too late and says so, and it is merged once', async () => {
      const { replicas, child } = await stoppedBeforeMerge();
      await say(replicas, 'reject the kernel has a regression');
      await replicas.until('an answer', () =>
        /Nothing of this rollout waits|under way/.test(told(replicas)),
      );
      await replicas.until('the other one merges', () => merges(replicas) === 1);
      await replicas.until('the record', (now) => staging(now)?.phase === 'rolling');
      await child.kill('SIGCONT');
      await rest(4_000);
      expect(merges(replicas)).toBe(1);
      const end = await replicas.state();
      expect(staging(end)?.phase).toBe('rolling');
      expect(end.github.pulls).toHaveLength(1);
      await replicas.stop();
    });
  },
);
