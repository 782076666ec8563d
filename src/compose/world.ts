import { pullRequestDocument } from '../../blocks/pull-request.ts';
import { recallAlert, recallLifted } from '../../blocks/recall-alert.ts';
import { unapprovedImages } from '../../blocks/unapproved-images.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../shared/time.ts';
import { createImageContents } from '../workflow/analysis/image-contents.ts';
import { createReleaseList } from '../workflow/announced-releases.ts';
import { waveForecastMs } from '../workflow/cluster-forecast.ts';
import type { EffectObserver } from '../workflow/effect.ts';
import { createEffects } from '../workflow/effect.ts';
import { createJournal } from '../workflow/journal.ts';
import type { Log } from '../workflow/log.ts';
import type { Clusters } from '../workflow/ports/clusters.ts';
import type { Messenger } from '../workflow/ports/messenger.ts';
import type { NodeBrakes } from '../workflow/ports/node-brakes.ts';
import type { NodeClassSyncs } from '../workflow/ports/node-class-syncs.ts';
import type { Pages } from '../workflow/ports/pages.ts';
import type { People } from '../workflow/ports/people.ts';
import type { Store } from '../workflow/ports/store.ts';
import { createSightings } from '../workflow/sightings.ts';
import type { World } from '../workflow/world.ts';
import { composeAnalyst, composeAsking } from './analyst.ts';
import { composeGates } from './gates.ts';
import { noPages } from './pages.ts';
import { composeReads } from './reads.ts';

/** All that the workflow sees and does, wired to the real systems that the configuration names. */
export function composeWorld(
  config: Config,
  {
    clock,
    log,
    store,
    slack,
    people,
    clusters,
    nodes,
    pages,
    onEffect,
  }: {
    readonly clock: Clock;
    readonly log: Log;
    readonly store: Store;
    readonly slack: Messenger;
    readonly people: People;
    readonly clusters: Clusters;
    readonly nodes: NodeBrakes & NodeClassSyncs;
    /** Absent: nobody is paged. */
    readonly pages?: Pages | undefined;
    readonly onEffect?: EffectObserver;
  },
): World {
  const { fleet, github, images, controlPlanes, capacity, pins } = composeReads(config, {
    clock,
    log,
  });
  const { memory } = store;
  const asking = composeAsking(config, { clock, log, memory });
  const world: World = {
    clock,
    log,
    fleet,
    journal: createJournal(store.rollouts),
    store,
    github,
    pins,
    documents: { pullRequest: pullRequestDocument, recallAlert, recallLifted, unapprovedImages },
    images,
    controlPlanes,
    capacity,
    releases: createReleaseList({
      notes: github,
      repositories: { eks: config.analysis.notes, bottlerocket: config.analysis.bottlerocketNotes },
      clock,
      log,
    }),
    contents: createImageContents({ notes: github, repository: config.analysis.notes, log }),
    clusters,
    gates: composeGates(config, { clock, log }),
    people,
    analyst: composeAnalyst(config, {
      clock,
      log,
      fleet,
      clusters,
      images,
      memory,
      notes: github,
      ...(asking === undefined ? {} : { asking }),
    }),
    effects: createEffects(
      { github, slack, nodes, pages: pages ?? noPages, applications: nodes },
      onEffect,
    ),
    draw: async (svg) => (await import('../adapters/pictures/draw-png.ts')).drawPng(svg),
    sightings: createSightings(),
    forecast: (rollout, wave) => waveForecastMs(world, rollout, wave),
  };
  return world;
}
