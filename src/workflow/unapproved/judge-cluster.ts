import { compareReleases, trainOf } from '../../images/releases.ts';
import { ReleaseId } from '../../shared/ids.ts';
import type { ClusterView } from '../../tracking/types.ts';
import type {
  IntendedClass,
  RunningImage,
  UnapprovedFinding,
} from '../../tracking/unapproved-images.ts';
import { agrees, runningImages, unapprovedImages } from '../../tracking/unapproved-images.ts';
import type { ClusterNow } from '../control-planes.ts';
import type { Placed } from '../placed-pins.ts';
import type { WatchedPin } from '../watched-pins.ts';
import type { World } from '../world.ts';
import { approvedHere } from './approved-here.ts';
import type { ImageMemory } from './image-memory.ts';
import { intendedClass } from './intended-class.ts';
import { imagesRunning } from './read-images.ts';

export type Judged = {
  readonly findings: readonly UnapprovedFinding[];
  /** EC2NodeClasses of which nobody can say what they are to run, and why. */
  readonly notChecked: readonly { readonly nodeClass: string; readonly reason: string }[];
  readonly approved: ImageMemory['approved'];
};

/** Compares what a cluster runs with what Git says and what the record vouches for. */
export async function judgeCluster(
  world: World,
  {
    cluster,
    view,
    pins,
    placed,
    before,
    isProtected,
    observesOnly,
  }: {
    readonly cluster: ClusterNow;
    readonly view: ClusterView;
    readonly pins: readonly WatchedPin[];
    readonly placed: readonly Placed[];
    readonly before: ImageMemory['approved'];
    readonly isProtected: boolean;
    /** Nothing is ever approved here: whoever moves a pin in Git does so rightly. */
    readonly observesOnly: boolean;
  },
): Promise<Judged> {
  const images = await imagesRunning(world, cluster, view, placed);
  const findings: UnapprovedFinding[] = [];
  const notChecked: { nodeClass: string; reason: string }[] = [];
  const approved: Record<string, string[]> = {};
  for (const nodeClass of view.nodeClasses) {
    const { name } = nodeClass;
    const intended = intendedClass(nodeClass, cluster.name, pins, placed);
    if (intended.kind === 'unknown') {
      notChecked.push({ nodeClass: name, reason: intended.reason });
      const kept = before[name];
      if (kept !== undefined) approved[name] = kept;
      continue;
    }
    const running = runningImages(view.nodeClaims, name, images);
    const known = new Set(
      before[name] ?? atFirstSight(intended, agrees(nodeClass, intended), running),
    );
    const named = intended.kind === 'fixed' ? intended.whats : [];
    if (observesOnly) for (const what of named) known.add(what);
    for (const what of new Set([...named, ...running.map((one) => one.what)])) {
      if (!known.has(what) && (await approvedHere(world, cluster.name, what, known)))
        known.add(what);
    }
    // Whoever pins what `@latest` brought does what was asked for: that begins anew.
    if (intended.kind === 'fixed') approved[name] = [...known];
    findings.push(
      ...unapprovedImages(
        { nodeClass, intended, running, approved: known },
        { kubernetes: cluster.kubernetes, isProtected },
      ),
    );
  }
  return { findings, notChecked, approved };
}

/**
 * What runs under a class that is seen for the first time counts as approved: nobody was asked here before. Not so what
 * `@latest` brought, or a cluster that says something else than Git, unless that is only older, hence not delivered yet.
 */
function atFirstSight(
  intended: IntendedClass,
  agreed: boolean,
  running: readonly RunningImage[],
): readonly string[] {
  if (intended.kind === 'floating') return [];
  const whats = running.map(({ what }) => what);
  return [
    ...intended.whats,
    ...(agreed ? whats : whats.filter((what) => isOlder(what, intended.whats))),
  ];
}

function isOlder(what: string, than: readonly string[]): boolean {
  const release = ReleaseId.safeParse(what);
  return (
    release.success &&
    than.some((one) => {
      const named = ReleaseId.safeParse(one);
      return (
        named.success &&
        trainOf(named.data) === trainOf(release.data) &&
        compareReleases(release.data, named.data) < 0
      );
    })
  );
}
