import type { NodeClaimView, NodeClassView } from './types.ts';

/** What runs on some NodeClaims of one EC2NodeClass. */
export type RunningImage = {
  /** The release, such as `al2023@v20261118`; the AMI id where nobody can say which it is. */
  readonly what: string;
  /** Kubernetes minor the image is made for; absent where it serves any, or nobody can say. */
  readonly kubernetes?: string;
  readonly nodes: number;
};

/** What Git says an EC2NodeClass is to run. */
export type IntendedClass =
  | {
      readonly kind: 'fixed';
      /** Aliases and ids as `amiSelectorTerms` would hold them. */
      readonly says: readonly string[];
      /** A pin names its image by another field, which a term does not show to us. */
      readonly other: boolean;
      /** The releases that the pins name. */
      readonly whats: readonly string[];
      /** The images follow the control plane's minor. */
      readonly byAlias: boolean;
      readonly place: string;
    }
  /** `@latest`: whatever was published last. */
  | { readonly kind: 'floating'; readonly value: string; readonly place: string };

export type ClassReading = {
  readonly nodeClass: NodeClassView;
  readonly intended: IntendedClass;
  readonly running: readonly RunningImage[];
  /** What an approved change put there, or what ran there before anybody was asked. */
  readonly approved: ReadonlySet<string>;
};

type OfClass = { readonly nodeClass: string; readonly nodes: number };

/** Images that no approved change put there, of one EC2NodeClass: why, and who or what is behind it. */
export type UnapprovedFinding =
  | (OfClass & {
      readonly cause: 'latest';
      readonly value: string;
      readonly place: string;
      /** The release that all of its nodes run: what the pin may be set to. Absent: they differ, or nobody can say. */
      readonly runs?: string;
      readonly whats: readonly string[];
    })
  /** The cluster's own object says something else than Git. */
  | (OfClass & {
      readonly cause: 'live-edit';
      readonly whats: readonly string[];
      readonly says: string;
      readonly git: string;
      readonly place: string;
      readonly by?: NonNullable<NodeClassView['editedBy']>;
    })
  /** Git names it, and nobody was asked before it did. */
  | (OfClass & {
      readonly cause: 'git-edit';
      readonly whats: readonly string[];
      readonly place: string;
    })
  /** Git and the cluster agree on something else by now. */
  | (OfClass & {
      readonly cause: 'earlier-edit';
      readonly whats: readonly string[];
      readonly git: string;
    })
  /** The approved release, in its image for another minor: nodes are replaced a second time. */
  | (OfClass & {
      readonly cause: 'control-plane';
      readonly release: string;
      readonly from: string;
      readonly to: string;
      /** Of `nodes`, on the image for `to`. */
      readonly done: number;
    });

/** What the NodeClaims of a class run, those aside that are leaving or have no image yet. */
export function runningImages(
  claims: readonly NodeClaimView[],
  nodeClass: string,
  images: ReadonlyMap<string, Omit<RunningImage, 'nodes'>>,
): readonly RunningImage[] {
  const running = new Map<string, RunningImage>();
  for (const claim of claims) {
    const { imageId } = claim;
    const leaves = claim.deleting || claim.disrupting || claim.terminating === true;
    if (claim.nodeClass !== nodeClass || imageId === undefined || leaves) continue;
    const image = images.get(imageId) ?? { what: imageId };
    const key = `${image.what} ${image.kubernetes}`;
    running.set(key, { ...image, nodes: (running.get(key)?.nodes ?? 0) + 1 });
  }
  return [...running.values()];
}

/** Whether the live object says what Git says, as far as both can be compared. */
export function agrees({ terms }: Pick<NodeClassView, 'terms'>, intended: IntendedClass): boolean {
  const says = intended.kind === 'floating' ? [intended.value] : intended.says;
  const known = new Set(says.map(spelled));
  return terms.every(({ alias, id }) => {
    const said = alias ?? id;
    if (said === undefined) return intended.kind === 'fixed' && intended.other;
    return known.has(spelled(said));
  });
}

/**
 * Images of a class that no approved change put there. Nodes on an image that was approved once are left to be replaced,
 * and no news; so is an old value that is only not delivered yet.
 * @param kubernetes minor of the control plane now.
 * @param isProtected whether `@latest` is a finding before any node runs.
 */
export function unapprovedImages(
  reading: ClassReading,
  { kubernetes, isProtected }: { readonly kubernetes: string; readonly isProtected: boolean },
): readonly UnapprovedFinding[] {
  const { intended, nodeClass: live, running, approved } = reading;
  const nodeClass = live.name;
  if (intended.kind === 'floating') {
    const nodes = nodesOf(running);
    if (nodes === 0 && !isProtected) return [];
    const whats = namesOf(running);
    const [runs] = whats;
    const { value, place } = intended;
    const one = whats.length === 1 && runs?.includes('@') === true ? { runs } : {};
    return [{ cause: 'latest', nodeClass, nodes, value, place, whats, ...one }];
  }
  const { place, says } = intended;
  const git = says.join(', ');
  if (!agrees(live, intended)) {
    const strange = running.filter(
      ({ what }) => !approved.has(what) || (isByHand(live) && !intended.whats.includes(what)),
    );
    if (strange.length === 0) return [];
    const said = live.terms.map(({ alias, id }) => alias ?? id ?? 'another selector').join(', ');
    return [
      {
        cause: 'live-edit',
        nodeClass,
        nodes: nodesOf(strange),
        whats: namesOf(strange),
        says: said,
        git,
        place,
        ...(live.editedBy !== undefined && { by: live.editedBy }),
      },
    ];
  }
  const strange = running.filter(({ what }) => !approved.has(what));
  const named = strange.filter(({ what }) => intended.whats.includes(what));
  const unnamed = strange.filter(({ what }) => !intended.whats.includes(what));
  const ofClass = (these: readonly RunningImage[]) => ({
    nodeClass,
    nodes: nodesOf(these),
    whats: namesOf(these),
  });
  return [
    ...(named.length === 0 ? [] : [{ cause: 'git-edit' as const, ...ofClass(named), place }]),
    ...(unnamed.length === 0 ? [] : [{ cause: 'earlier-edit' as const, ...ofClass(unnamed), git }]),
    ...secondReplacement(reading, intended, kubernetes),
  ];
}

/** The approved release in images for several minors: the control plane was upgraded, and Karpenter follows it. */
function secondReplacement(
  { nodeClass: { name: nodeClass }, running, approved }: ClassReading,
  { byAlias, whats }: Extract<IntendedClass, { kind: 'fixed' }>,
  to: string,
): readonly UnapprovedFinding[] {
  if (!byAlias) return [];
  return whats
    .filter((release) => approved.has(release))
    .flatMap((release) => {
      const mine = running.filter(
        ({ what, kubernetes }) => what === release && kubernetes !== undefined,
      );
      const from = mine.find(({ kubernetes }) => kubernetes !== to)?.kubernetes;
      if (from === undefined) return [];
      const done = nodesOf(mine.filter(({ kubernetes }) => kubernetes === to));
      const nodes = nodesOf(mine);
      return [{ cause: 'control-plane' as const, nodeClass, nodes, release, from, to, done }];
    });
}

/** Tools that people edit with; what a pipeline applies with may be any of the others. */
function isByHand({ editedBy }: NodeClassView): boolean {
  return /^(?:kubectl-(?:edit|patch|replace)|k9s|node-fetch|headlamp|mozilla)/i.test(
    editedBy?.manager ?? '',
  );
}

/** `bottlerocket@v1.50.0` and `bottlerocket@1.50.0` are one alias. */
function spelled(value: string): string {
  return value.startsWith('bottlerocket@v') ? value.replace('@v', '@') : value;
}

function nodesOf(running: readonly RunningImage[]): number {
  return running.reduce((sum, { nodes }) => sum + nodes, 0);
}

function namesOf(running: readonly RunningImage[]): readonly string[] {
  return [...new Set(running.map(({ what }) => what))].sort();
}
