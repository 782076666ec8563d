import { setTimeout as wait } from 'node:timers/promises';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import type { SandboxState } from '../../src/sandbox/state.ts';
import type { RolloutId } from '../../src/shared/ids.ts';
import type { CrashSandbox } from './crash-sandbox.ts';
import type { Records } from './records.ts';
import { readRecords } from './records.ts';

/** What two runs of one story must have in common, however often the service died in one of them. */
export type Story = {
  /** Every event that is not a count on the way, in no order: side by side, they race. */
  readonly events: readonly string[];
  readonly rollouts: SandboxState['rollouts'];
  readonly pulls: readonly {
    number: number;
    state: string;
    merged: boolean;
    files: readonly string[];
  }[];
  readonly images: readonly string[];
  /** What the thread says in the end, one line a message that is kept. */
  readonly thread: readonly string[];
};

/** What only a run itself can tell. */
export type Aftermath = {
  /** Messages of the service beyond the one that each slot keeps. */
  readonly twins: readonly string[];
  /** Slots without a message. */
  readonly silent: readonly string[];
  readonly pending: readonly string[];
};

/** Tells what came of a run, without the times and ids that differ from run to run. */
export async function tell(
  sandbox: CrashSandbox,
  id: RolloutId,
): Promise<{ readonly story: Story; readonly aftermath: Aftermath }> {
  const { events, slots, pending } = await atRest(sandbox, id);
  const state = await sandbox.state();
  const messages = state.slack.messages.filter(({ user }) => user === 'U0AMIABLE');
  const kept = new Set(slots.flatMap(({ ts }) => ts ?? []));
  return {
    story: {
      events: events
        .filter(({ type }) => type !== 'ReplacementObserved')
        .map(nameOf)
        .filter(isFirstRefusal)
        .sort(),
      rollouts: state.rollouts.map(withoutDigests),
      pulls: state.github.pulls.map(({ number, state: open, merged, files }) => ({
        number,
        state: open,
        merged,
        files: files.map(({ path }) => path),
      })),
      images: state.clusters.map(
        ({ name, nodes }) =>
          `${name}: ${[...new Set(nodes.filter(({ state: is }) => is !== 'gone').map(({ imageId }) => imageId))].join(', ')}`,
      ),
      thread: messages
        .filter(({ ts }) => kept.has(ts))
        .map(({ text }) => plain(text))
        .sort(),
    },
    aftermath: {
      twins: messages.filter(({ ts }) => !kept.has(ts)).map(({ text }) => plain(text)),
      silent: slots
        .filter(({ ts }) => ts === undefined || !messages.some((message) => message.ts === ts))
        .map(({ name }) => name),
      pending,
    },
  };
}

/** The records once nothing of them changes any more. */
async function atRest({ standIns, log }: CrashSandbox, id: RolloutId): Promise<Records> {
  for (const until = performance.now() + 60_000; performance.now() < until; await wait(200)) {
    const records = await readRecords(standIns, id);
    if (records.atRest && records.pending.length === 0) return records;
  }
  throw new Error(`${id} never came to rest\n${log.slice(-40).join('\n')}`);
}

/** An event by what it says happened, to what, and by whom. */
function nameOf(event: RolloutEvent): string {
  const { type } = event;
  const told = [
    'environment',
    'wave',
    'repository',
    'number',
    'cluster',
    'by',
    'because',
    'ask',
    'reason',
    'outcome',
  ];
  const fields = event as unknown as Readonly<Record<string, unknown>>;
  return [
    type,
    ...told.flatMap((key) => (fields[key] === undefined ? [] : [`${key}=${String(fields[key])}`])),
  ].join(' ');
}

/** Who does not hear the *no* presses again, and each press is on record; everything else happens once. */
function isFirstRefusal(name: string, index: number, all: readonly string[]): boolean {
  return !name.startsWith('ApprovalRefused ') || all.indexOf(name) === index;
}

function withoutDigests({ environments, ...rollout }: SandboxState['rollouts'][number]) {
  return {
    ...rollout,
    environments: environments.map((environment) => ({
      ...environment,
      digest: null,
      approvals: [...environment.approvals].sort(),
    })),
  };
}

/** Times and commits differ from run to run, and so does how long something took. */
function plain(text: string): string {
  return text
    .replace(/<!date[^>]*>/g, 'TIME')
    .replace(/\b\d+ (s|min|h|d)( \d+ (s|min|h))*\b/g, 'SPAN')
    .replace(/\([0-9a-f]{7}\)/g, '(COMMIT)');
}
