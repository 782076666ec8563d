import type { Message } from '../blocks/block-kit.ts';
import { noUpgradeCheck, upgradeCheckMessage } from '../blocks/upgrade-check.ts';
import { unfitReleases } from '../src/workflow/unfit-releases.ts';
import { upgradeCheck } from '../src/workflow/upgrade-check.ts';
import type { Handling } from './handling.ts';

/** Whether every pin of a cluster resolves at another Kubernetes minor. Asking changes nothing. */
export async function checkUpgrade(
  { world }: Pick<Handling, 'world'>,
  typed: string,
): Promise<Message> {
  const names = world.fleet.clusters.map(({ name }) => name);
  const [cluster = '', minor = ''] = typed.trim().split(/\s+/);
  if (cluster === '' || minor === '')
    return noUpgradeCheck('Which cluster, and to which minor?', names);
  const unfit = await unfitReleases(world);
  const found = await upgradeCheck(world, cluster, minor.replace(/^v/, ''), unfit);
  return typeof found === 'string' ? noUpgradeCheck(found, names) : upgradeCheckMessage(found);
}
