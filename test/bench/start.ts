import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../src/shared/clock.ts';
import { threeClusters } from './bench-fleet.ts';
import { startBenchStandIns } from './bench-stand-ins.ts';
import { atMost, type Benchmark, median } from './benchmark.ts';

const starts = 5;
const idleMs = 10_000;

/** Time until the bundle listens, and its memory when nothing happens. */
export async function benchStart(): Promise<readonly Benchmark[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  execFileSync(process.execPath, ['scripts/bundle.mjs', 'build-bench']);
  const standIns = await startBenchStandIns({ clock: systemClock, clusters: threeClusters(10) });
  const config = join(folder, 'amiable.yaml');
  writeFileSync(config, standIns.text.replace('"level":"warn"', '"level":"info"'));
  try {
    const times: number[] = [];
    let memory = Number.NaN;
    for (let n = 0; n < starts; n += 1) {
      const idle = n === starts - 1 ? idleMs : 0;
      const one = await start(config, standIns.secrets, idle);
      times.push(one.seconds);
      memory = one.megabytes;
    }
    return [
      atMost('cold start until it listens, median of 5', median(times), 1.2, {
        unit: 's',
        digits: 2,
      }),
      atMost('idle memory after 10 s', memory, 140, { unit: 'MB' }),
    ];
  } finally {
    await standIns.close();
    rmSync(folder, { recursive: true });
    rmSync('build-bench', { recursive: true, force: true });
  }
}

async function start(config: string, secrets: Record<string, string>, idle: number) {
  const began = performance.now();
  const clock = JSON.stringify({ speed: 1, realStart: 0, virtualStart: 0 });
  const child = spawn(
    process.execPath,
    ['build-bench/cli.mjs', 'sandbox-service', '--config', config, '--clock', clock],
    { env: { ...secrets, NODE_ENV: 'production' }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    await listening(child.stdout);
    const seconds = (performance.now() - began) / 1_000;
    await wait(idle);
    return { seconds, megabytes: residentMegabytes(child.pid) };
  } finally {
    child.kill('SIGKILL');
  }
}

/** Resolves when its log says so. @throws Error when it ends before. */
async function listening(log: NodeJS.ReadableStream): Promise<void> {
  for await (const line of createInterface({ input: log })) {
    if (line.includes('amiable is running')) {
      log.resume();
      return;
    }
  }
  throw new Error('the service ended before it listened');
}

/** Resident memory of a process, as Linux tells it. */
function residentMegabytes(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024;
}
