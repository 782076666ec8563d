import { fork } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { encodeCardKey } from '../../blocks/card-key.ts';
import { rolloutCard } from '../../blocks/rollout-card.ts';
import { rolloutOf } from '../../src/rollout/evolve.ts';
import { demoSecrets } from '../../src/sandbox/stand-ins.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { id, opened } from '../rollout/story.ts';
import { threeClusters } from './bench-fleet.ts';
import { startBenchStandIns } from './bench-stand-ins.ts';
import { atMost, type Benchmark } from './benchmark.ts';
import type { ClickReport } from './click-process.ts';

const rounds = 30;
const clicksARound = 40;
/** While the code is being compiled, neither side's figure says anything. */
const warmUp = 6;

/**
 * Processor time of one click up to its acknowledgement (verified, stored if absent, acknowledged) against what nobody
 * can do without: Bolt's own receiver that acknowledges, and one conditional put. Both in the same process, in turns.
 */
export async function benchClick(): Promise<readonly Benchmark[]> {
  const standIns = await startBenchStandIns({ clock: systemClock, clusters: threeClusters(10) });
  // Built, as the service is: a loader that compiles on the way would be measured with our side alone.
  const built = 'build-bench-click/click-process.mjs';
  await build({
    entryPoints: [fileURLToPath(new URL('click-process.ts', import.meta.url))],
    outfile: built,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'warning',
  });
  const child = fork(built, [], {
    env: { ...process.env, ...standIns.secrets, BENCH_CONFIG: standIns.text },
    execArgv: [],
  });
  try {
    const [{ ours, bare }] = (await once(child, 'message')) as [{ ours: number; bare: number }];
    const agent = new Agent({ keepAlive: true });
    const spent = { ours: 0, bare: 0 };
    for (let round = 0; round < rounds + warmUp; round += 1) {
      for (const [side, port] of [
        ['ours', ours],
        ['bare', bare],
      ] as const) {
        const before = await cpu(child);
        for (let n = 0; n < clicksARound; n += 1) await press(agent, port);
        const after = await cpu(child);
        if (round >= warmUp) spent[side] += after - before;
      }
    }
    agent.destroy();
    const each = (ms: number) => (ms / (rounds * clicksARound)).toFixed(2);
    return [
      {
        ...atMost('CPU of a click against a bare echo and put', spent.ours / spent.bare, 1.2, {
          digits: 2,
        }),
        figure: `${(spent.ours / spent.bare).toFixed(2)} (${each(spent.ours)} / ${each(spent.bare)} ms)`,
      },
    ];
  } finally {
    child.kill('SIGKILL');
    rmSync('build-bench-click', { recursive: true, force: true });
    await standIns.close();
  }
}

async function cpu(child: ReturnType<typeof fork>): Promise<number> {
  child.send('cpu');
  const [{ cpuMs }] = (await once(child, 'message')) as [ClickReport];
  return cpuMs;
}

/** One signed press of Approve, with the card in it as Slack sends it. */
async function press(agent: Agent, port: number): Promise<void> {
  const body = `payload=${encodeURIComponent(JSON.stringify(payload()))}`;
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = `v0=${createHmac('sha256', demoSecrets.slackSigningSecret)
    .update(`v0:${timestamp}:${body}`)
    .digest('hex')}`;
  const sent = request({
    agent,
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/slack/events',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': Buffer.byteLength(body),
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signature,
    },
  });
  sent.end(body);
  const [reply] = await once(sent, 'response');
  reply.resume();
  await once(reply, 'end');
  if (reply.statusCode !== 200) throw new Error(`the click was answered ${reply.statusCode}`);
}

function payload() {
  const rollout = rolloutOf(id, [opened]);
  if (rollout === undefined) throw new Error('no rollout');
  const { text, blocks } = rolloutCard({ rollout, names: new Map(), troubles: [], waits: [] });
  const ts = '1795176000.000100';
  return {
    type: 'block_actions',
    user: { id: 'U0BO', username: 'bo', name: 'bo', team_id: 'T0SANDBOX' },
    api_app_id: 'A0SANDBOX',
    token: 'unused',
    container: { type: 'message', message_ts: ts, channel_id: 'C0NODES', is_ephemeral: false },
    trigger_id: `1.2.${randomUUID().replaceAll('-', '')}`,
    team: { id: 'T0SANDBOX', domain: 'acme' },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: 'C0NODES', name: 'node-images' },
    message: { type: 'message', bot_id: 'B0AMIABLE', user: 'U0AMIABLE', text, ts, blocks },
    state: { values: {} },
    response_url: 'http://127.0.0.1:1/actions/T0/1/x',
    actions: [
      {
        action_id: 'rollout:approve',
        block_id: 'ask',
        text: { type: 'plain_text', text: 'Approve', emoji: true },
        value: encodeCardKey({ rolloutId: id, environment: 'staging', ask: 1 }),
        type: 'button',
        action_ts: ts,
      },
    ],
  };
}
