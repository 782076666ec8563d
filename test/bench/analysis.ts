import type { Advisory } from '../../src/analysis/advisory.ts';
import { indexAdvisories } from '../../src/analysis/advisory.ts';
import { fixedByMoves } from '../../src/analysis/cves-fixed.ts';
import { parseEksChangelog } from '../../src/analysis/eks-notes.ts';
import { changeOf } from '../../src/analysis/package-diff.ts';
import type { PackageMove } from '../../src/analysis/types.ts';
import { demoNotes } from '../../src/sandbox/demo-notes.ts';
import { demo } from '../../src/sandbox/demo-world.ts';
import { atMost, type Benchmark } from './benchmark.ts';
import { modelCalls } from './model-calls.ts';

const changelogBytes = 2_300_000;

/** Reading a whole changelog, and joining all advisories with what a release moves; the best of three rounds. */
export async function benchAnalysis(): Promise<readonly Benchmark[]> {
  const changelog = longChangelog();
  const releases = changelog.split('\n# AMI Release ').length - 1;
  const parse = best(() => {
    const found = parseEksChangelog(changelog).length;
    if (found !== releases) throw new Error(`${found} of ${releases} releases were read`);
  });
  const index = indexAdvisories(Array.from({ length: 5_000 }, (_, n) => advisory(n)));
  const moves = Array.from({ length: 30 }, (_, n) => move(n));
  const join = best(() => {
    const { fixed } = fixedByMoves(moves, index);
    if (fixed.length === 0) throw new Error('nothing was found to be fixed');
  });
  const calls = await modelCalls();
  return [
    atMost('changelog of 2.3 MB read', parse, 300, { unit: 'ms' }),
    atMost('5,000 advisories joined with 30 moves', join, 50, { unit: 'ms' }),
    atMost('model calls, one rollout of 1,000 clusters', calls.together, 1),
    atMost('model calls, 20 rollouts of 4 kinds of facts', calls.apart, 4),
  ];
}

function best(work: () => void): number {
  const rounds = [1, 2, 3].map(() => {
    const { user, system } = process.cpuUsage();
    work();
    const now = process.cpuUsage();
    return (now.user + now.system - user - system) / 1_000;
  });
  return Math.min(...rounds);
}

/** The notes of the demonstration again and again, each under a day of its own. */
function longChangelog(): string {
  const parts: string[] = [''];
  let length = 0;
  for (let n = 0; length < changelogBytes; n += 1) {
    const release = demo.releases[n % demo.releases.length];
    if (release === undefined) break;
    const tag = `v${20_000_101 + n}`;
    const part = `# AMI Release ${tag}\n${demoNotes({ ...release, tag })}\n`;
    parts.push(part);
    length += part.length;
  }
  return parts.join('\n');
}

function advisory(n: number): Advisory {
  const name = ['kernel', 'kernel6.12', 'runc', 'containerd'][n % 4] ?? '';
  return {
    id: `ALAS2023-2026-${1_000 + n}`,
    severity: 'high',
    cves: [`CVE-2026-${1_000 + n}`],
    products: [{ package: name, fixedIn: `6.12.${n % 120}-1.amzn2023` }],
  };
}

function move(n: number): PackageMove {
  const name = ['kernel', 'runc', 'containerd'][n % 3] ?? '';
  const change = changeOf(name, `6.12.${n}-1.amzn2023`, `6.12.${n + 60}-1.amzn2023`);
  if (change === undefined) throw new Error('no move');
  return { ...change, images: [n] };
}
