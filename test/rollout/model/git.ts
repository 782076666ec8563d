import type { Change } from '../../../src/rollout/change.ts';
import type { RepositoryName } from '../../../src/shared/ids.ts';

/** A pin as it stands on the main branch. */
export type Pin = {
  readonly environment: string;
  readonly cluster: string;
  readonly repository: RepositoryName;
  value: string;
  /** Counts edits around it. */
  rest: number;
};

export type Pull = {
  readonly repository: RepositoryName;
  readonly number: number;
  readonly branch: string;
  readonly change: Change;
  readonly clusters: readonly string[];
  /** Anything but the first head is somebody else's commit. */
  head: string;
  state: 'open' | 'closed' | 'merged';
  by: string;
};

/** A model of the Git host: pins on one branch, and pull requests that move them. Numbers are counted per repository. */
export type Git = { readonly pins: Pin[]; readonly pulls: Pull[] };

export function pinOf({ pins }: Git, repository: string, cluster: string): Pin {
  const pin = pins.find((one) => one.repository === repository && one.cluster === cluster);
  if (pin === undefined) throw new Error(`no pin of ${cluster} in ${repository}`);
  return pin;
}

export function pullOf({ pulls }: Git, repository: string, number: number): Pull {
  const pull = pulls.find((one) => one.repository === repository && one.number === number);
  if (pull === undefined) throw new Error(`no ${repository}#${number}`);
  return pull;
}

/** The edits a pull request makes: those of its clusters in its repository. */
export function editsOf({ change, repository, clusters }: Omit<Pull, 'number'>): Change['pins'] {
  return change.pins.filter(
    (pin) => pin.repository === repository && pin.clusters.some((name) => clusters.includes(name)),
  );
}

export function openPull(git: Git, of: Omit<Pull, 'number' | 'head' | 'state' | 'by'>): Pull {
  const number = git.pulls.filter(({ repository }) => repository === of.repository).length + 1;
  const pull: Pull = { ...of, number, head: 'ours', state: 'open', by: '' };
  git.pulls.push(pull);
  return pull;
}

/** Merging writes what the pull request says, whatever the main branch says by now. */
export function mergePull(git: Git, pull: Pull, by: string): void {
  for (const { repository, clusters, to } of editsOf(pull)) {
    for (const cluster of clusters) pinOf(git, repository, cluster).value = to;
  }
  pull.state = 'merged';
  pull.by = by;
}
