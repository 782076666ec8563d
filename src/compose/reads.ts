import { createCapacity } from '../adapters/aws/capacity.ts';
import { createClusterVersion } from '../adapters/aws/cluster-version.ts';
import { createImages } from '../adapters/aws/images.ts';
import { createGitHost } from '../adapters/github/create-git-host.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../shared/time.ts';
import { createControlPlanes } from '../workflow/control-planes.ts';
import type { Log } from '../workflow/log.ts';
import { rememberedImages } from '../workflow/remembered-images.ts';
import { createPinWatch } from '../workflow/watched-pins.ts';
import { awsConnection } from './aws-connection.ts';
import { fleetOf } from './fleet.ts';

/** The fleet with GitHub and AWS: what can be seen without records, Slack and clusters. Nothing is asked before the first call. */
export function composeReads(
  config: Config,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
) {
  const fleet = fleetOf(config);
  const github = createGitHost({
    appId: config.github.appId,
    privateKey: config.github.privateKey.reveal(),
    baseUrl: config.github.apiUrl,
    writeSpacingMs: config.paces.githubWriteSpacing,
    clock,
    log: { debug() {}, warn: (fields, message) => log.warn({ ...fields }, message) },
    ...(config.github.mergeMethod === undefined ? {} : { mergeMethod: config.github.mergeMethod }),
  });
  const aws = awsConnection(config, clock);
  const images = rememberedImages(createImages(aws, log, fleet.customLines), clock);
  const controlPlanes = createControlPlanes(createClusterVersion(aws), clock);
  const capacity = createCapacity(aws);
  return {
    fleet,
    github,
    images,
    controlPlanes,
    capacity,
    pins: createPinWatch({ fleet, github }),
  };
}
