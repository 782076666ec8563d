import type { Change } from '../rollout/change.ts';
import type { WorkflowCommand } from '../rollout/command.ts';
import type { MergeHold } from '../rollout/merge-events.ts';
import type { Freeze } from '../rollout/policy.ts';
import { policyHash } from '../rollout/policy.ts';
import { peopleMerge } from '../rollout/pull-request-rule.ts';
import type { Rollout } from '../rollout/rollout.ts';
import { digestFor, environmentNamed } from '../rollout/rollout.ts';
import type { Part, Wave } from '../rollout/wave.ts';
import type { Digest, SlackUserId } from '../shared/ids.ts';
import { recordedChange } from './change-record.ts';
import { controlPlaneWaits } from './control-plane-updates.ts';
import { policyOf } from './fleet.ts';
import { globalStop } from './global-stop.ts';
import { closedText, hoursOf } from './merge-hours.ts';
import { mergeRecord } from './merge-record.ts';
import { isExactly, partContent } from './part-content.ts';
import { pullRequestWaits } from './pull-request-waits.ts';
import { closedBy, fleetReached } from './reached-fleet.ts';
import { standingApprovals } from './standing-approvals.ts';
import { fleetFor } from './theirs.ts';
import { whyPinningMoves } from './unapproved/still-running.ts';
import type { World } from './world.ts';

/** Everything that must hold right before a merge, looked at now. */
export type MergeCheck =
  | {
      readonly kind: 'ready';
      readonly digest: Digest;
      readonly change: Change;
      readonly approversNow: readonly SlackUserId[];
      /** Sets they are in now, where the rule has sets. */
      readonly setsNow?: readonly { readonly by: SlackUserId; readonly sets: readonly number[] }[];
      readonly freezes?: readonly Freeze[];
      readonly forecastMs?: number;
      readonly open: readonly Part[];
    }
  /** Something to put on record first. */
  | { readonly kind: 'record'; readonly commands: readonly WorkflowCommand[] }
  /** A part must be written again on the newer base; approvals stand. */
  | { readonly kind: 'rebase'; readonly part: Part; readonly change: Change }
  /** Not now; looking again may help. `because`: what a merge that was decided is held for. */
  | {
      readonly kind: 'wait';
      readonly because: Extract<MergeHold, 'checks' | 'frozen' | 'window'>;
      readonly why: string;
    };

/**
 * The look before the point of no return: each pull request of the wave holds exactly the approved content on the
 * current base and nothing else, its checks passed, the approvals still stand, and nothing is frozen.
 */
export async function checkMerge(world: World, rollout: Rollout, wave: Wave): Promise<MergeCheck> {
  const digest = digestFor(rollout, wave);
  if (digest === undefined) return waitFor('it was not asked for yet');
  const change = await recordedChange(world, digest);
  const forward = wave.recovery === undefined;
  const open: Part[] = [];
  for (const part of wave.parts) {
    if (part.mergeSha !== undefined) continue;
    const seen = await checkPart(world, rollout, wave, part, change);
    if (seen !== undefined) return seen;
    open.push(part);
  }
  const { fleet, silence } = await fleetReached(world, rollout);
  const unheard = forward ? closedBy(silence) : undefined;
  if (unheard !== undefined) return waitFor(unheard);
  const policy = policyOf(fleetFor(rollout, fleet), wave.environment);
  if (forward && (policy === undefined || policyHash(policy) !== change.policy)) {
    return record({
      type: 'VoidApprovals',
      environment: wave.environment,
      because: 'policy-changed',
    });
  }
  if (wave.parts.length < wave.repositories.length) return waitFor('pull requests are missing');
  const waits = await pullRequestWaits(world, rollout.id, open);
  // Where people merge, what GitHub asks for is between them and GitHub.
  if (waits !== undefined && !(policy !== undefined && peopleMerge(policy) && forward))
    return waitFor(waits);
  if (wave.recovery !== undefined || policy === undefined) {
    return { kind: 'ready', digest, change, approversNow: [], open };
  }
  const environment = environmentNamed(rollout, wave.environment);
  if (environment === undefined) return waitFor('it is not part of the rollout');
  const approvals = await standingApprovals(world, environment);
  if (approvals.kind === 'gone') {
    return record({
      type: 'VoidApprovals',
      environment: wave.environment,
      because: 'no-longer-approver',
      of: approvals.people,
    });
  }
  if (approvals.kind === 'unknown') {
    return waitFor('Slack cannot say whether the approvers still may');
  }
  // Before the freeze, which would leave on the card what the clock said when it began.
  const { closed, forecastMs } = await hoursOf(world, rollout, wave, policy);
  const stop = await globalStop(world);
  if (stop !== undefined) {
    return { kind: 'wait', because: 'frozen', why: `everything is frozen: ${stop.reason}` };
  }
  if (closed !== undefined) return { kind: 'wait', because: 'window', why: closedText(closed) };
  const moves = await whyPinningMoves(world, rollout);
  if (moves !== undefined) return waitFor(moves);
  // Last, as it is the one that asks AWS; the way back does not wait for it.
  const updating = await controlPlaneWaits(world, rollout, wave);
  if (updating !== undefined) return waitFor(updating);
  return {
    kind: 'ready',
    digest,
    change,
    approversNow: approvals.people,
    ...(approvals.sets === undefined ? {} : { setsNow: approvals.sets }),
    freezes: policy.freezes ?? [],
    ...(forecastMs === undefined ? {} : { forecastMs }),
    open,
  };
}

/** What a part's pull request says against what it must say. `undefined`: exactly that. */
async function checkPart(
  { github, fleet }: World,
  { theirs }: Rollout,
  wave: Wave,
  part: Part,
  change: Change,
): Promise<MergeCheck | undefined> {
  const { environment, name } = wave;
  const { repository, number } = part;
  const inPart = { environment, wave: name, repository, number };
  const seen = await github.pullRequest(repository, number);
  const merge = mergeRecord(fleet, wave, part, seen);
  if (merge !== undefined) return record(merge);
  if (seen.state === 'closed') {
    return record({ type: 'RecordClosed', ...inPart, closedBy: seen.closedBy ?? 'somebody' });
  }
  const content = await partContent(github, wave, repository, change);
  const { expected } = content;
  if (expected.kind === 'overtaken') {
    return record({
      type: 'RecordOvertaken',
      environment,
      wave: name,
      byWhom: 'somebody',
      detail: expected.detail,
    });
  }
  if (expected.kind === 'changed') {
    return voided(wave, 'change-moved', expected.detail);
  }
  const ours = theirs === undefined || wave.recovery !== undefined;
  if (seen.ours !== ours || seen.baseBranch !== content.branch) {
    return voided(wave, 'foreign-commit', `#${number} no longer goes to ${content.branch}`);
  }
  const { files, mergeBase } = await github.compare(repository, content.base, seen.headSha);
  if (isExactly(files, expected.files)) {
    if (seen.headSha === part.headSha) return undefined;
    // Written again by us right before a crash, or by anybody to the very same effect: the content is what was approved.
    return record({ type: 'RecordRebase', ...inPart, headSha: seen.headSha });
  }
  if (seen.headSha !== part.headSha) {
    return voided(wave, 'foreign-commit', `#${number} has commits that are not ours`);
  }
  if (mergeBase !== content.base) {
    return ours
      ? { kind: 'rebase', part, change }
      : waitFor(`#${number} is behind its base in the same files; update its branch`);
  }
  return voided(wave, 'foreign-commit', `#${number} does not hold what was approved`);
}

function waitFor(why: string): Extract<MergeCheck, { kind: 'wait' }> {
  return { kind: 'wait', because: 'checks', why };
}

function record(command: WorkflowCommand): MergeCheck {
  return { kind: 'record', commands: [command] };
}

/** Forward, approvals fall and it is asked again; on the way back there is nobody to ask, so it waits and says so. */
function voided(
  { environment, recovery }: Wave,
  because: 'change-moved' | 'foreign-commit',
  detail: string,
): MergeCheck {
  if (recovery !== undefined) return waitFor(detail);
  return record({ type: 'VoidApprovals', environment, because, detail });
}
