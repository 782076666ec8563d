import type { Rollout } from '../rollout/rollout.ts';
import type { Wave } from '../rollout/wave.ts';
import type { RolloutId } from '../shared/ids.ts';
import type { Clock } from '../shared/time.ts';
import type { Documents } from './documents.ts';
import type { Effects } from './effect.ts';
import type { Fleet } from './fleet.ts';
import type { Journal } from './journal.ts';
import type { Log } from './log.ts';
import type { Analyst } from './ports/analyst.ts';
import type { Capacity } from './ports/capacity.ts';
import type { Clusters } from './ports/clusters.ts';
import type { ControlPlanes } from './ports/control-planes.ts';
import type { Gates } from './ports/gates.ts';
import type { GitReads } from './ports/git-host.ts';
import type { ImageContents } from './ports/image-contents.ts';
import type { Images } from './ports/images.ts';
import type { People } from './ports/people.ts';
import type { ReleaseList } from './ports/release-list.ts';
import type { Store } from './ports/store.ts';
import type { SightingsOf } from './sightings.ts';
import type { PinWatch } from './watched-pins.ts';

/** All that the workflow reads and, through `effects`, changes. Each step takes only what it needs of it. */
export type World = {
  readonly clock: Clock;
  readonly log: Log;
  readonly fleet: Fleet;
  readonly journal: Journal;
  readonly store: Pick<Store, 'global' | 'heads' | 'leases' | 'slots' | 'changes' | 'memory'>;
  readonly github: GitReads;
  readonly pins: PinWatch;
  readonly documents: Documents;
  readonly images: Images;
  readonly controlPlanes: ControlPlanes;
  /** What AWS has left for more nodes; absent: nobody can say. */
  readonly capacity?: Capacity;
  readonly releases: ReleaseList;
  readonly contents: ImageContents;
  readonly clusters: Clusters;
  /** Alarms of one's own; absent: there are none. */
  readonly gates?: Gates;
  readonly people: People;
  readonly analyst: Analyst;
  readonly effects: Effects;
  /** SVG as PNG; absent: messages come without pictures. */
  readonly draw?: (svg: string) => Promise<Uint8Array>;
  readonly sightings: SightingsOf;
  /** Where a rollout's card stands in Slack; `undefined`, or no such function: nobody can say yet. */
  readonly cardUrl?: (id: RolloutId) => Promise<string | undefined>;
  /** From a wave's merge to its last node, in ms, as expected; `undefined`, or no such function: nobody can say. */
  readonly forecast?: (rollout: Rollout, wave: Wave) => Promise<number | undefined>;
};
