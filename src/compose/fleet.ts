import type { Config } from '../config/config.ts';
import { environmentPolicies, writtenPolicies } from '../config/environment-policies.ts';
import { bindFile } from '../config/file-patterns.ts';
import type { Fleet } from '../workflow/fleet.ts';
import { healthThresholds } from './gates.ts';

/** The configuration in the workflow's words. */
export function fleetOf(config: Config): Fleet {
  const { rejected, expired, closed } = config.detection.offerAgain;
  return {
    scope: config.fleet,
    channel: config.slack.channel,
    families: config.detection.families,
    policies: environmentPolicies(config),
    written: writtenPolicies(config),
    customLines: config.images.custom,
    denied: config.images.deny,
    holds: config.holds,
    clusters: config.clusters.map(({ name, environment, region, kubernetes, eks }) => ({
      name,
      environment,
      region,
      ...(kubernetes === undefined ? {} : { kubernetes }),
      ...(eks === undefined ? {} : { eks }),
    })),
    repositories: config.repositories.map((repository) => ({
      repository: repository.repository,
      branch: repository.branch,
      bind: (path) => bindFile(repository, path),
    })),
    owners: config.owners,
    health: healthThresholds(config),
    minimumAgeMs: config.detection.minimumAge,
    logins: new Map(
      config.people.flatMap(({ slack, github }) =>
        github === undefined ? [] : [[github.toLowerCase(), slack] as const],
      ),
    ),
    atClickGroups: config.groups.flatMap(({ id, membership }) =>
      membership === 'at-click' ? [id] : [],
    ),
    offerAgainAfter: { rejected, expired, closed },
  };
}
