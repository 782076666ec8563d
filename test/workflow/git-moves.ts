import fc from 'fast-check';

/** What somebody does to Git while a rollout is under way. */
const harmless = ['unrelated file', 'unrelated line'] as const;
const hostile = [
  'change the class',
  'push another file',
  'push another pin',
  'push a mode',
  'remove the file',
  'force back',
  'force to base',
  'retarget',
  'retarget back',
  'close',
  'reopen',
  'merge by hand',
] as const;
/** Only where there is a merge queue. */
const queueing = ['queue another', 'take out of the queue'] as const;
export type GitMove =
  | (typeof harmless)[number]
  | (typeof hostile)[number]
  | (typeof queueing)[number];

/** What people decide, and what ends the release for everybody. */
export type Deed =
  | 'approve'
  /** Presses Merge. */
  | 'merge'
  | 'withdraw'
  | 'reject'
  | 'freeze'
  | 'unfreeze'
  | 'pause'
  | 'resume'
  | 'recall'
  | 'supersede';

export type Moment = 'merge' | 'set-status' | 'dequeue' | 'close-pull-request';
/** `wait`: the process stands still, so long that the queue merges meanwhile. */
type Race = GitMove | 'freeze' | 'reject' | 'recall' | 'wait';

export type Move =
  | { readonly look: true }
  | { readonly git: GitMove }
  | { readonly person: Deed; readonly second: boolean }
  /** Done in the very moment before an effect of the next look is sent. */
  | { readonly race: Race; readonly before: Moment };

const look: fc.Arbitrary<Move> = fc.constant({ look: true });
const person = (...what: readonly Deed[]) =>
  fc.record({ person: fc.constantFrom(...what), second: fc.boolean() });

/** Moves of everybody; a schedule has more looks and approvals than attacks, else nothing is ever merged. */
export const anyMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 24, arbitrary: look },
  { weight: 24, arbitrary: person('approve') },
  {
    weight: 3,
    arbitrary: person('reject', 'freeze', 'unfreeze', 'unfreeze', 'pause', 'resume', 'resume'),
  },
  { weight: 1, arbitrary: person('withdraw', 'withdraw', 'recall', 'supersede') },
  { weight: 12, arbitrary: fc.record({ git: fc.constantFrom<GitMove>(...harmless, ...hostile) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      race: fc.constantFrom<Race>(...harmless, ...hostile, 'freeze', 'reject'),
      before: fc.constantFrom<Moment>('merge', 'set-status'),
    }),
  },
);

/** The same around a merge queue, where others' pull requests are merged in one go with ours. */
export const queueMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 14, arbitrary: anyMove },
  {
    weight: 4,
    arbitrary: fc.record({ git: fc.constantFrom<GitMove>(...queueing, 'queue another') }),
  },
  {
    weight: 2,
    arbitrary: person('pause', 'resume', 'freeze', 'unfreeze', 'unfreeze', 'reject', 'recall'),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      race: fc.constantFrom<Race>('wait', 'recall', ...queueing, ...harmless, 'change the class'),
      before: fc.constantFrom<Moment>('dequeue', 'dequeue', 'close-pull-request', 'merge'),
    }),
  },
);

/** Nobody means harm: other people work in the same repository. */
export const peacefulMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: look },
  { weight: 3, arbitrary: person('approve') },
  { weight: 3, arbitrary: fc.record({ git: fc.constantFrom<GitMove>(...harmless) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      race: fc.constantFrom<Race>(...harmless),
      before: fc.constantFrom<Moment>('merge', 'set-status'),
    }),
  },
);

export const peacefulQueueMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: peacefulMove },
  { weight: 1, arbitrary: fc.constant<Move>({ git: 'queue another' }) },
);

/** The same where somebody has to press Merge. */
export const pressingMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: anyMove },
  { weight: 1, arbitrary: person('merge') },
);

/** The same where people merge on GitHub. */
export const mergingMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 12, arbitrary: anyMove },
  { weight: 1, arbitrary: fc.constant<Move>({ git: 'merge by hand' }) },
);
