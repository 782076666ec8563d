import { plainOf } from '../../blocks/plain-of.ts';
import {
  approvalText,
  runsText,
  unknownTexts,
  wayBackTexts,
  whereLead,
} from '../../blocks/where-runs.ts';
import { composeClusters } from '../compose/clusters.ts';
import { composeReads } from '../compose/reads.ts';
import { composeStore } from '../compose/store.ts';
import type { Config } from '../config/config.ts';
import { askedImage } from '../images/asked-image.ts';
import { systemClock } from '../shared/clock.ts';
import { createImageContents } from '../workflow/analysis/image-contents.ts';
import { createJournal } from '../workflow/journal.ts';
import { silentLog } from '../workflow/log.ts';
import type { WhereRuns } from '../workflow/where-runs.ts';
import { whereRuns } from '../workflow/where-runs.ts';
import type { Options } from './options.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';
import { steer } from './steer.ts';

const use = 'Use: amiable where RELEASE | kernel VERSION | driver VERSION --config FILE';

/**
 * Which nodes run something now, who approved it, and what can take it back; with `rollback`, takes it back too. Slack is
 * not asked. Exit code 1 when a cluster was not seen: nothing found there would pass for "none".
 * @throws CommandError
 */
export async function where(
  words: readonly string[],
  options: Options,
  config: Config,
  output: Output,
): Promise<void> {
  const asked = askedImage(words.join(' '));
  if (asked === undefined) throw new CommandError(use, 2);
  const takesBack = options.rollback === true;
  if (!takesBack && (options.clusters !== undefined || options.reason !== undefined))
    throw new CommandError('--reason and --clusters are for --rollback, which takes back.', 2);
  if (takesBack && (options.reason ?? '').length < 10)
    throw new CommandError('Please say why, in at least 10 characters: --reason "…".', 2);
  const seen = { clock: systemClock, log: silentLog };
  const { store, close } = await composeStore(config, seen);
  const clusters = composeClusters(config, seen);
  let found: WhereRuns;
  try {
    const { github, ...reads } = composeReads(config, seen);
    found = await whereRuns(
      {
        ...seen,
        ...reads,
        journal: createJournal(store.rollouts),
        clusters,
        contents: createImageContents({
          notes: github,
          repository: config.analysis.notes,
          log: silentLog,
        }),
      },
      asked,
    );
  } finally {
    await clusters.close();
    await close();
  }
  if (options.json === true) output.out(JSON.stringify(found, undefined, 2));
  else for (const line of linesOf(found)) output.out(line);
  if (takesBack) await takeBack(found, options, config, output);
  if (found.notSeen.length > 0) throw new CommandError(`Not seen: ${found.notSeen.join(', ')}.`, 1);
}

function linesOf(found: WhereRuns): string[] {
  return [
    whereLead(found),
    ...found.runs.map((one) => `  ${runsText(one)}`),
    ...unknownTexts({ ...found, notSeen: [] }),
    ...found.approvals.map((one) => `${one.rollout} ${approvalText(one, new Map())}`),
    ...wayBackTexts(found),
    ...(found.waysBack.length === 0
      ? []
      : ['The same with --rollback --reason "…" takes them back; --clusters A,B only these.']),
  ].map((line) => plainOf(line).replaceAll('`', '').replaceAll('\u2060', ''));
}

/** One decision a rollout, each as the click in Slack would make it. That one is refused stops no other. */
async function takeBack(
  { waysBack }: WhereRuns,
  { reason, clusters: typed }: Options,
  config: Config,
  output: Output,
): Promise<void> {
  const chosen = typed?.split(',');
  const found = waysBack.flatMap(({ clusters }) => clusters.map(({ cluster }) => cluster));
  const strange = chosen?.filter((name) => !found.includes(name)) ?? [];
  if (strange.length > 0)
    throw new CommandError(`Not among what can be taken back: ${strange.join(', ')}.`, 2);
  const refused: string[] = [];
  for (const { rollout, clusters } of waysBack) {
    const mine = clusters.flatMap(({ cluster }) =>
      chosen === undefined || chosen.includes(cluster) ? [cluster] : [],
    );
    if (mine.length === 0) continue;
    const only = { ...(reason === undefined ? {} : { reason }), clusters: mine.join(',') };
    try {
      await steer('rollback', rollout, only, config, output);
    } catch (cause) {
      if (!(cause instanceof CommandError)) throw cause;
      refused.push(`${rollout}: ${cause.message}`);
    }
  }
  if (found.length === 0) throw new CommandError('There is nothing to take back.', 1);
  if (refused.length > 0) throw new CommandError(refused.join('\n'), 1);
}
