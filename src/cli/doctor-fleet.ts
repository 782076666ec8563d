import { composeClusters } from '../compose/clusters.ts';
import { composeReads } from '../compose/reads.ts';
import type { Config } from '../config/config.ts';
import { slotsOfAlias } from '../images/alias-slots.ts';
import type { Clock } from '../shared/time.ts';
import type { ApplicationView } from '../tracking/types.ts';
import { clusterNow } from '../workflow/control-planes.ts';
import type { Log } from '../workflow/log.ts';
import type { Capacity } from '../workflow/ports/capacity.ts';
import { reviewsText } from '../workflow/required-reviews.ts';
import type { Attempt, Said } from './attempts.ts';
import { tryBindings } from './doctor-argo-cd.ts';

type Seen = { readonly clock: Clock; readonly log: Log };

/** GitHub's branches, the pins on them, and AWS's images for each cluster. */
export async function tryReads(config: Config, attempt: Attempt, seen: Seen): Promise<void> {
  const { fleet, github, images, controlPlanes, capacity, pins } = composeReads(config, seen);
  const branches = config.repositories.map(({ repository, branch }) =>
    attempt(`GitHub: ${repository} ${branch}`, async () =>
      (await github.head(repository, branch)) === undefined
        ? `there is no branch ${branch}, or the App is not installed there`
        : undefined,
    ),
  );
  const rules = config.repositories.map(({ repository, branch }, index) =>
    attempt(
      `GitHub: reviews that ${repository} ${branch} requires`,
      async () => noteOf(reviewsText(fleet, await github.requiredReviews(repository, branch))),
      branches.slice(index, index + 1),
    ),
  );
  const inFiles = attempt(
    'GitHub: pins in the watched files',
    async () => {
      const { pins: found, problems } = await pins.read();
      if (problems.length > 0) {
        return problems
          .map(({ repository, path, reason }) => `${repository} ${path}: ${reason}`)
          .join('; ');
      }
      return found.some(({ pin }) => pin.editable)
        ? undefined
        : 'no pin that can be moved was found: check repositories[].files';
    },
    branches,
  );
  const ofClusters = fleet.clusters.map((cluster) => {
    const { name, region, kubernetes } = cluster;
    const place = `${region}, ${kubernetes ?? 'as EKS says'}`;
    return attempt(`AWS: images for ${name} (${place})`, async () => {
      const slots = slotsOfAlias('al2023', await clusterNow(controlPlanes, cluster));
      return (await images.recommended(slots)).length === 0
        ? 'no AL2023 image is published for it'
        : undefined;
    });
  });
  const room = [...new Set(fleet.clusters.map(({ region }) => region))].map((region) =>
    attempt(`AWS: room for new nodes in ${region}`, () => roomIn(capacity, region)),
  );
  await Promise.all([...branches, ...rules, inFiles, ...ofClusters, ...room]);
}

/** What a forecast reads of a region, asked about a subnet that is not there. */
async function roomIn(capacity: Capacity, region: string): Promise<Said> {
  const [quotas] = await Promise.all([
    capacity.vcpu(region, ['Standard/OnDemand']),
    capacity.subnets(region, ['subnet-00000000000000000']),
  ]);
  return quotas.length > 0
    ? undefined
    : { note: 'CloudWatch tells no vCPU quota Standard/OnDemand, so forecasts do not check it' };
}

function noteOf(note: string | undefined): Said {
  return note === undefined ? undefined : { note };
}

/** Each cluster's API with our rights there, and the Application that is followed for it. */
export async function tryClusters(config: Config, attempt: Attempt, seen: Seen): Promise<void> {
  const clusters = composeClusters(config, seen);
  const reached = new Map(
    config.clusters.map(({ name }) => [
      name,
      attempt(`Kubernetes: ${name}`, async () => {
        const { missing } = await clusters.access(name);
        return missing.length === 0 ? undefined : `the ClusterRole lacks ${missing.join(', ')}`;
      }),
    ]),
  );
  const named = new Map<string, readonly ApplicationView[]>();
  const followed = config.clusters.flatMap(({ name, argocd }) => {
    // Those that are not named are found by what they manage, once something changes.
    if (argocd?.application === undefined) return [];
    const hub = reached.get(argocd.cluster ?? name);
    return attempt(
      `Argo CD: ${argocd.application} for ${name}`,
      async () => {
        const found = await clusters.deliverers(name, { nodeClasses: [], files: [] });
        if (found.kind === 'unknown') return found.because;
        if (found.kind === 'argocd') named.set(name, found.applications);
        return undefined;
      },
      hub === undefined ? [] : [hub],
    );
  });
  await Promise.all([...reached.values(), ...followed]);
  await tryBindings(config, attempt, { seen, readers: () => clusters.readers(), named });
  await clusters.close();
}
