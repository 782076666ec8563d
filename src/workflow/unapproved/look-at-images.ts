import type { Json } from '../../shared/canonical.ts';
import { canonicalJson, sha256 } from '../../shared/canonical.ts';
import { minute } from '../../shared/time.ts';
import type { UnapprovedFinding } from '../../tracking/unapproved-images.ts';
import { clusterNow } from '../control-planes.ts';
import type { FleetCluster } from '../fleet.ts';
import { policyOf } from '../fleet.ts';
import { openRollouts } from '../open-rollouts.ts';
import type { Placed } from '../placed-pins.ts';
import { placedPins } from '../placed-pins.ts';
import type { WatchedPin } from '../watched-pins.ts';
import type { World } from '../world.ts';
import { closeAlert, editAlert, showAlert } from './image-alert.ts';
import type { ImageMemory } from './image-memory.ts';
import { keepImages, nothingYet, recallImages } from './image-memory.ts';
import { clustersInMotion } from './in-motion.ts';
import { judgeCluster } from './judge-cluster.ts';
import { supersedePinning } from './pin-now.ts';
import type { UnapprovedFacts } from './unapproved-facts.ts';

/** So many clusters are looked at together. */
const together = 8;
/** What may be on its way (a sync, a controller's look) is believed only when it still stands after this long. */
const standsForMs = 10 * minute;
/** New messages a look: a fleet that is connected for the first time must not fill the channel at once. */
const mostNew = 5;

/** What a look at the whole fleet found. */
export type ImageLook = {
  /** Clusters looked at. */
  readonly checked: number;
  /** Clusters with something that no approved change put there. */
  readonly unapproved: readonly string[];
  /** Clusters or node classes of which nobody can say, and why. */
  readonly notChecked: readonly { readonly cluster: string; readonly why: string }[];
};

/**
 * Looks once at what every cluster runs, and keeps one message for each that runs what no approved change put there. A
 * cluster that a wave moves is left to that wave; nothing is watched.
 */
export async function lookAtImages(world: World): Promise<ImageLook> {
  const { fleet } = world;
  const { pins } = await world.pins.read();
  const { placed } = await placedPins(world, { pins });
  const open = await openRollouts(world);
  const moving = clustersInMotion(open);
  const names = new Set(pins.flatMap(({ clusters }) => clusters));
  const still = fleet.clusters.filter(({ name }) => !moving.has(name));
  const remembered = await recallImages(
    world,
    still.map(({ name }) => name),
  );
  // Where a message stands, somebody has to say what became of it, also after the last pin was taken away.
  const isLooked = ({ name }: FleetCluster) =>
    names.has(name) || remembered.get(name)?.alert !== undefined;
  const queue = still.filter(isLooked);
  const unapproved: string[] = [];
  const notChecked = still
    .filter((one) => !isLooked(one))
    .map(({ name }) => ({ cluster: name, why: 'no watched file pins its images' }));
  const room = { left: mostNew };
  let checked = 0;
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const cluster = next.name;
      try {
        const found = await lookAtCluster(world, next, {
          pins,
          placed,
          room,
          before: remembered.get(cluster),
        });
        checked += 1;
        for (const one of found.findings)
          if (one.cause === 'latest') await supersedePinning(world, open, cluster, one.whats);
        if (found.findings.length > 0) unapproved.push(cluster);
        for (const { nodeClass, reason } of found.notChecked)
          notChecked.push({ cluster, why: `${nodeClass}: ${reason}` });
      } catch (cause) {
        world.log.warn({ cluster, cause }, 'images not checked');
        notChecked.push({
          cluster,
          why: cause instanceof Error ? cause.message : 'it does not answer',
        });
        await unseen(world, next, remembered.get(cluster));
      }
    }
  };
  await Promise.all(Array.from({ length: together }, worker));
  return { checked, unapproved: unapproved.sort(), notChecked };
}

async function lookAtCluster(
  world: World,
  cluster: FleetCluster,
  {
    pins,
    placed,
    room,
    before = nothingYet,
  }: {
    readonly pins: readonly WatchedPin[];
    readonly placed: readonly Placed[];
    readonly room: { left: number };
    readonly before: ImageMemory | undefined;
  },
) {
  const { fleet, controlPlanes, clusters, clock } = world;
  const policy = policyOf(fleet, cluster.environment);
  const isProtected = policy?.protected === true;
  const observesOnly = policy?.mode === 'observe';
  const [now, view] = await Promise.all([
    clusterNow(controlPlanes, cluster),
    clusters.glance(cluster.name),
  ]);
  const judged = await judgeCluster(world, {
    cluster: now,
    view,
    pins,
    placed,
    before: before.approved,
    isProtected,
    observesOnly,
  });
  const at = clock.now();
  // What was found of a class that cannot be checked now is neither there nor gone.
  const unsure = judged.notChecked.filter(({ nodeClass }) =>
    Object.keys(before.since).some((key) => classOf(key) === nodeClass),
  );
  const since = Object.fromEntries([
    ...Object.entries(before.since).filter(([key]) =>
      unsure.some(({ nodeClass }) => classOf(key) === nodeClass),
    ),
    ...judged.findings.map((one) => [keyOf(one), before.since[keyOf(one)] ?? at] as const),
  ]);
  const told = judged.findings.filter(
    (one) => isCertain(one) || at - (since[keyOf(one)] ?? at) >= standsForMs,
  );
  const facts: UnapprovedFacts = {
    cluster: cluster.name,
    environment: cluster.environment,
    isProtected,
    observesOnly,
    findings: told,
    ...(unsure.length > 0 && { notChecked: unsure }),
    ...(told.length > 0 && { since: Math.min(...told.map((one) => since[keyOf(one)] ?? at)) }),
  };
  // What is seen but not believed yet neither opens a message nor ends one.
  const undecided = told.length === 0 && judged.findings.length > 0;
  const alert = undecided ? before.alert : await tell(world, facts, before.alert, room);
  await keepImages(world, cluster.name, before === nothingYet ? undefined : before, {
    approved: judged.approved,
    since,
    ...(alert !== undefined && { alert }),
  });
  return { findings: told, notChecked: judged.notChecked };
}

/** @returns the hash of the message that stands; `undefined`: none does. */
async function tell(
  world: World,
  facts: UnapprovedFacts,
  before: string | undefined,
  room: { left: number },
): Promise<string | undefined> {
  const message = world.documents.unapprovedImages(facts);
  const hash = sha256(canonicalJson(message as unknown as Json)).slice(0, 16);
  if (facts.findings.length === 0 && (before === undefined || facts.notChecked === undefined)) {
    if (before !== undefined) await closeAlert(world, facts.cluster, message);
    return undefined;
  }
  if (before === undefined) {
    // The others are told by the looks to come.
    if (room.left <= 0) return undefined;
    room.left -= 1;
  }
  if (hash !== before) await showAlert(world, facts.cluster, message);
  return hash;
}

/** A message that stands must not look watched while nobody can see the cluster. */
async function unseen(
  world: World,
  cluster: FleetCluster,
  before: ImageMemory | undefined,
): Promise<void> {
  if (before?.alert === undefined || before.unseen !== undefined) return;
  const now = world.clock.now();
  try {
    const policy = policyOf(world.fleet, cluster.environment);
    await editAlert(
      world,
      cluster.name,
      world.documents.unapprovedImages({
        cluster: cluster.name,
        environment: cluster.environment,
        isProtected: policy?.protected === true,
        observesOnly: policy?.mode === 'observe',
        findings: [],
        unseen: now,
      }),
    );
    await keepImages(world, cluster.name, before, { ...before, alert: 'unseen', unseen: now });
  } catch (cause) {
    world.log.warn({ cluster: cluster.name, cause }, 'message about images not edited');
  }
}

/** What is read from one place at one moment needs no second look. */
function isCertain({ cause }: UnapprovedFinding): boolean {
  return cause === 'latest' || cause === 'control-plane';
}

/** Numbers change from look to look; what is behind them does not. */
function keyOf({ cause, nodeClass }: UnapprovedFinding): string {
  return `${cause} ${nodeClass}`;
}

function classOf(key: string): string {
  return key.slice(key.indexOf(' ') + 1);
}
