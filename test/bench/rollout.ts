import type { Units } from '../../src/adapters/dynamodb/unit-counter.ts';
import { hour, second } from '../../src/shared/time.ts';
import { threeClusters } from './bench-fleet.ts';
import { approveAll, startBenchService } from './bench-service.ts';
import { atMost, type Benchmark } from './benchmark.ts';

/** Slack calls and DynamoDB units of whole rollouts, from detection to the last node, of few and of many nodes. */
export async function benchRollouts(): Promise<readonly Benchmark[]> {
  const small = await wholeRollout(10);
  const middle = await wholeRollout(1_000);
  const large = await wholeRollout(10_000);
  const few = spent(small);
  const many = spent(large);
  return [
    atMost('Slack calls, rollout of 10 nodes', small.calls, 60),
    {
      ...atMost('Slack calls, rollout of 1,000 nodes', middle.calls, 60),
      bound: `= ${small.calls}`,
      target: `= ${small.calls}`,
      ok: middle.calls === small.calls,
    },
    shortestPause([small, middle, large].flatMap(({ slack }) => pausesOf(slack))),
    atMost('DynamoDB units, rollout of 10 nodes', few, 160, { digits: 1 }),
    atMost('DynamoDB units, rollout of 10,000 nodes', many, 160, { digits: 1 }),
    atMost('  difference between the two', Math.abs(many - few), 2, { digits: 1 }),
    {
      name: 'DynamoDB units of polling and signs of life, rollout or none',
      figure: `${(polled(large.units) / (large.ms / hour)).toFixed(0)} an hour`,
      bound: 'none',
      target: 'none',
      ok: true,
    },
  ];
}

export async function wholeRollout(nodes: number) {
  const service = await startBenchService(threeClusters(nodes));
  try {
    const { time, latest, standIns } = service;
    const began = time.clock.now();
    const found = await service.detect();
    const id = found.rollout;
    if (id === undefined) throw new Error('no rollout was opened');
    const seen = service.units().byOperation;
    const stop = new AbortController();
    const caring = service.caretaker.run(stop.signal);
    for (const environment of ['staging', 'production'] as const) {
      await approveAll(service, id, environment);
    }
    await time.pass(() => service.isLeft(id), latest);
    stop.abort();
    await caring;
    const outcome = (await service.rollout(id))?.outcome?.name;
    if (outcome !== 'complete') throw new Error(`the rollout ended ${outcome}`);
    return {
      // Who our bot is was asked at the start of the process, not for the rollout.
      calls: standIns.slack.requests().filter(({ method }) => method !== 'auth.test').length,
      slack: standIns.slack.requests(),
      units: service.units(),
      /** Remembering what AWS recommends is detection's, rollout or none. */
      remembered: ofOperation(seen, 'memory.get') + ofOperation(seen, 'memory.put'),
      ms: time.clock.now() - began,
    };
  } finally {
    await service.close();
  }
}

type Call = { readonly method: string; readonly at: number; readonly message?: string };

/** Between one edit of a message and the next, in ms. */
function pausesOf(calls: readonly Call[]): readonly number[] {
  const last = new Map<string, number>();
  return calls.flatMap(({ method, at, message = '' }) => {
    if (method !== 'chat.update') return [];
    const before = last.get(message);
    last.set(message, at);
    return before === undefined ? [] : [at - before];
  });
}

function shortestPause(pauses: readonly number[]): Benchmark {
  const shortest = Math.min(...pauses) / second;
  return {
    name: `shortest time between two of ${pauses.length} edits of a message`,
    figure: `${shortest.toFixed(1)} s`,
    bound: '≥ 5.0 s',
    target: '≥ 5.0 s',
    ok: pauses.length > 0 && shortest >= 5,
  };
}

/** What the fleet costs, rollout or none: polling, and signs of life. */
const ofFleet = ['heads.open', 'leases.take', 'leases.release'];

function spent({ units, remembered }: { readonly units: Units; readonly remembered: number }) {
  return units.total - remembered - polled(units);
}

function polled({ byOperation }: Units): number {
  return ofFleet.reduce((sum, operation) => sum + ofOperation(byOperation, operation), 0);
}

function ofOperation(byOperation: Units['byOperation'], operation: string): number {
  const { reads = 0, writes = 0 } = byOperation[operation] ?? {};
  return reads + writes;
}
