import { plainOf } from '../../blocks/plain-of.ts';
import { isClearToUpgrade, upgradeLead, upgradeLines } from '../../blocks/upgrade-check.ts';
import { composeReads } from '../compose/reads.ts';
import type { Config } from '../config/config.ts';
import { systemClock } from '../shared/clock.ts';
import { createReleaseList } from '../workflow/announced-releases.ts';
import { silentLog } from '../workflow/log.ts';
import { upgradeCheck as check } from '../workflow/upgrade-check.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';

/**
 * Whether every pin of a cluster resolves at another Kubernetes minor, by Git and AWS alone. Exit code 1 when not all is
 * well, or not all could be checked.
 * @throws CommandError
 */
export async function upgradeCheck(
  [cluster, minor, ...more]: readonly string[],
  config: Config,
  { out }: Output,
  asJson: boolean,
): Promise<void> {
  if (cluster === undefined || minor === undefined || more.length > 0)
    throw new CommandError('Use: amiable upgrade-check CLUSTER MINOR --config FILE', 2);
  const seen = { clock: systemClock, log: silentLog };
  const { github, ...reads } = composeReads(config, seen);
  const { notes: eks, bottlerocketNotes: bottlerocket } = config.analysis;
  const repositories = { eks, bottlerocket };
  const releases = createReleaseList({ ...seen, notes: github, repositories });
  const found = await check({ ...reads, releases, log: silentLog }, cluster, minor);
  if (typeof found === 'string') throw new CommandError(found, 2);
  if (asJson) out(JSON.stringify(found, undefined, 2));
  else {
    const lines = [upgradeLead(found), ...upgradeLines(found)];
    for (const line of lines) out(plainOf(line).replaceAll('\u2060', ''));
  }
  if (!isClearToUpgrade(found))
    throw new CommandError('Not every pin is known to resolve there.', 1);
}
