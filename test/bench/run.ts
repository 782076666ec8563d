import { benchAnalysis } from './analysis.ts';
import type { Benchmark } from './benchmark.ts';
import { benchClick } from './click.ts';
import { benchDecision } from './decision.ts';
import { benchDetection } from './detection.ts';
import { benchEarly } from './early.ts';
import { benchForecast } from './forecast.ts';
import { benchPins } from './pins.ts';
import { benchPullRequest } from './pull-request.ts';
import { benchRollouts } from './rollout.ts';
import { benchStart } from './start.ts';
import { benchTracking } from './tracking.ts';

/** Figures by the word that asks for them alone: `npm run bench -- click`. */
const figures: Readonly<Record<string, () => Promise<readonly Benchmark[]>>> = {
  detection: benchDetection,
  'pull-request': benchPullRequest,
  decision: benchDecision,
  rollout: benchRollouts,
  click: benchClick,
  start: benchStart,
  pins: benchPins,
  analysis: benchAnalysis,
  tracking: benchTracking,
  early: benchEarly,
  forecast: benchForecast,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in figures));
if (unknown.length > 0) throw new Error(`there is no figure ${unknown.join(', ')}`);

print({ name: 'figure', figure: 'measured', bound: 'bound', target: 'target', ok: 'ok' });
let missed = 0;
for (const [name, measure] of Object.entries(figures)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  for (const one of await measure()) {
    print({ ...one, ok: one.ok ? 'yes' : 'NO' });
    if (!one.ok) missed += 1;
  }
}
process.stdout.write(missed === 0 ? '\nEvery target is met.\n' : `\n${missed} missed.\n`);
process.exit(missed === 0 ? 0 : 1);

function print({ name, figure, bound, target, ok }: Record<keyof Benchmark, string>): void {
  const row = [name.padEnd(62), figure.padStart(20), bound.padStart(12), target.padStart(12)];
  process.stdout.write(`${row.join('  ')}  ${ok}\n`);
}
