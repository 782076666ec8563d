import { relation } from './fields.ts';

// Keys of one environment that cannot all be meant. Each is looked at as far as its keys are right by themselves.

type Keys = Readonly<Record<string, unknown>>;

const isMap = (value: unknown): value is Keys => typeof value === 'object' && value !== null;
const ms = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** Whether `a` is more than `b`, where both are known. */
function exceeds(a: number | undefined, b: number | undefined): boolean {
  return a !== undefined && b !== undefined && a > b;
}

const windowMs = ({ window }: Keys) => (isMap(window) ? ms(window['duration']) : undefined);
const soakMs = ({ soak }: Keys) => (isMap(soak) ? ms(soak['for']) : ms(soak));

/** Soaks between the first merge and the last one, which the approvals have to outlast. */
function soaksBetween(keys: Keys): number | undefined {
  const { waves } = keys;
  const usual = soakMs(keys);
  if (!Array.isArray(waves) || usual === undefined) return undefined;
  return waves
    .slice(0, -1)
    .reduce<number>(
      (sum, wave) => sum + ((isMap(wave) ? ms(wave['soak']) : undefined) ?? usual),
      0,
    );
}

/** Clusters a wave takes at once, as far as the file says. */
function widest({ waves }: Keys): number | undefined {
  if (!Array.isArray(waves)) return undefined;
  const sizes = waves.flatMap((wave): number[] => {
    if (!isMap(wave)) return [];
    const { clusters, perRegion } = wave;
    if (Array.isArray(clusters)) return [clusters.length];
    return [clusters, perRegion].filter((size): size is number => typeof size === 'number');
  });
  return Math.max(0, ...sizes);
}

const isAutomatic = ({ approval }: Keys) =>
  approval === 'automatic' || (isMap(approval) && approval['automatic'] !== undefined);

const mergeOf = ({ pullRequest }: Keys) => (isMap(pullRequest) ? pullRequest['merge'] : undefined);
const isInGitHub = (keys: Keys) => mergeOf(keys) === 'in-github';

export const contradictions = [
  relation<Keys>(
    ({ pullRequest, mode }) => pullRequest === undefined || mode !== 'observe',
    ['pullRequest'],
    'has no meaning here: no pull request is opened where mode is observe.',
  ),
  relation<Keys>(
    (keys) => mergeOf(keys) === undefined || keys['mode'] !== 'propose',
    ['pullRequest', 'merge'],
    'has no meaning here: where mode is propose, people merge what was approved. Say mode: merge.',
  ),
  relation<Keys>(
    (keys) => {
      const { pullRequest } = keys;
      return !isInGitHub(keys) || !isMap(pullRequest) || pullRequest['open'] !== 'on-approval';
    },
    ['pullRequest', 'open'],
    'is on-approval, and merge is in-github: merging is the approval, so the pull request has to be there before it.',
  ),
  relation<Keys>(
    (keys) => !isInGitHub(keys) || keys['approval'] === undefined,
    ['approval'],
    'stands beside pullRequest.merge: in-github, where merging on GitHub is the approval: from, count and all else of it must be left out.',
  ),
  relation<Keys>(
    (keys) => !isInGitHub(keys) || keys['validFor'] === undefined,
    ['validFor'],
    'has no meaning here: where pullRequest.merge is in-github, there are no approvals that could grow old.',
  ),
  relation<Keys>(
    (keys) => !exceeds(windowMs(keys), ms(keys['validFor'])),
    ['validFor'],
    'is shorter than window.duration: approvals given when the window opens would not last until it closes.',
  ),
  relation<Keys>(
    (keys) => !exceeds(soaksBetween(keys), ms(keys['validFor'])),
    ['validFor'],
    'is shorter than the soaks of all waves but the last: its last wave could never be merged on the same approvals.',
  ),
  relation<Keys>(
    ({ remindAfter, expires }) => {
      const [after, end] = [ms(remindAfter), ms(expires)];
      return after === undefined || end === undefined || after < end;
    },
    ['remindAfter'],
    'is not before expires: the ask would have ended by then.',
  ),
  relation<Keys>(
    ({ finishBefore, window }) => finishBefore !== 'window' || window !== undefined,
    ['finishBefore'],
    'speaks of a window, and there is none: give window too.',
  ),
  relation<Keys>(
    ({ onWindowEnd, window }) => onWindowEnd === undefined || window !== undefined,
    ['onWindowEnd'],
    'speaks of a window, and there is none: give window too.',
  ),
  relation<Keys>(
    ({ window, mode }) => window === undefined || (mode !== 'observe' && mode !== 'propose'),
    ['window'],
    'has no meaning here: Amiable merges only where mode is merge.',
  ),
  relation<Keys>(
    ({ freeze, mode }) =>
      !Array.isArray(freeze) || freeze.length === 0 || (mode !== 'observe' && mode !== 'propose'),
    ['freeze'],
    'has no meaning here: Amiable merges only where mode is merge.',
  ),
  relation<Keys>(
    (keys) => keys['protected'] !== true || !isAutomatic(keys),
    ['approval'],
    'is automatic, and the environment is protected: people have to approve here.',
  ),
  relation<Keys>(
    ({ approval, recovery, mode, pullRequest }) =>
      (approval !== 'automatic' && !isInGitHub({ pullRequest })) ||
      recovery !== undefined ||
      mode === 'observe',
    ['recovery'],
    'is missing: where nobody approves, it must say who pauses and rolls back.',
  ),
  relation<Keys>(
    (keys) => !exceeds(widest(keys), ms(keys['maxClustersRolling'])),
    ['maxClustersRolling'],
    'is less than one of waves takes at once.',
  ),
  relation<Keys>(
    ({ expedite, minimumAge }) =>
      !isMap(expedite) || !exceeds(ms(expedite['minimumAge']), ms(minimumAge)),
    ['expedite', 'minimumAge'],
    'is longer than minimumAge, which it is to shorten.',
  ),
  relation<Keys>(
    ({ expedite, cadence }) =>
      !isMap(expedite) || expedite['cadence'] !== 'skip' || cadence !== undefined,
    ['expedite', 'cadence'],
    'speaks of a cadence, and there is none: give cadence too.',
  ),
  relation<Keys>(
    (keys) => {
      const { expedite } = keys;
      return !isMap(expedite) || !exceeds(ms(expedite['soak']), soakMs(keys));
    },
    ['expedite', 'soak'],
    'is longer than soak, which it is to shorten.',
  ),
];
