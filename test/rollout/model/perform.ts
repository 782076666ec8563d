import { shortOf } from '../../../src/rollout/approval-sets.ts';
import { brakeOrders } from '../../../src/rollout/brake.ts';
import type { Change, PinEdit } from '../../../src/rollout/change.ts';
import { changeOf, restrictedTo } from '../../../src/rollout/change.ts';
import type { WorkflowCommand } from '../../../src/rollout/command.ts';
import { isWindowLifted, minimumAgeOf } from '../../../src/rollout/expedite.ts';
import { mergeHours } from '../../../src/rollout/merge-hours.ts';
import type { WavePlan } from '../../../src/rollout/plan.ts';
import { digestFor, environmentNamed, waveNamed } from '../../../src/rollout/rollout.ts';
import type { Step } from '../../../src/rollout/step.ts';
import type { Part, Wave } from '../../../src/rollout/wave.ts';
import { isToMerge } from '../../../src/rollout/wave.ts';
import { assertNever } from '../../../src/shared/assert-never.ts';
import type { SlackUserId } from '../../../src/shared/ids.ts';
import { release } from '../story.ts';
import type { Pull } from './git.ts';
import { editsOf, mergePull, openPull, pinOf, pullOf } from './git.ts';
import { changeKept, digestKept, hashKept } from './kept.ts';
import type { Sim } from './sim.ts';
import { mayDecide, record, recorded } from './sim.ts';

type Commands = readonly WorkflowCommand[];

/** Does one step as the workflow does it, against the simulated world; what it found comes back as commands. */
export function perform(sim: Sim, step: Step): Commands {
  switch (step.do) {
    case 'analyse':
      return sim.spec.analysed ? [{ type: 'RecordAnalysis', analysis: analysisOf(sim) }] : [];
    case 'ask':
    case 'ask-later':
      return ask(sim, step.environment);
    case 'recheck-ask':
      return recheck(sim, step.environment);
    case 'expire':
      return [{ type: 'Expire', environment: step.environment }];
    case 'approve-automatically':
      return [{ type: 'ApproveAutomatically', environment: step.environment }];
    case 'expedite-by-policy':
      return [{ type: 'ExpediteByPolicy', environment: step.environment }];
    case 'void-for-risk':
      return [{ type: 'VoidApprovals', environment: step.environment, because: 'risk-raised' }];
    case 'remind':
      return [{ type: 'Remind', environment: step.environment }];
    case 'expire-approvals':
      return [{ type: 'ExpireApprovals', environment: step.environment }];
    case 'end-window':
      return [{ type: 'EndWindow', environment: step.environment, wave: step.wave }];
    case 'end-snooze':
      return [{ type: 'EndSnooze' }];
    case 'brake':
      return braked(sim, step.cluster);
    case 'close':
      return [{ type: 'Close' }];
    case 'close-pull-request':
      return closePull(sim, step);
    case 'open-pull-request':
      return openParts(sim, waveOf(sim, step));
    case 'advance-pull-request':
      return advance(sim, waveOf(sim, step));
    case 'finish-merge':
      return finish(sim, waveOf(sim, step));
    case 'verify-merge':
      return verify(sim, waveOf(sim, step));
    case 'watch-delivery':
      return deliver(sim, waveOf(sim, step));
    case 'watch-replacement':
      return replace(sim, waveOf(sim, step));
    case 'watch-soak':
      return soak(sim, waveOf(sim, step));
    case 'look-again':
    case 'rest':
      return [];
    default:
      return assertNever(step);
  }
}

/** Every cluster lets itself be braked here; what it forbids is told by the workflow's own tests. */
function braked({ rollout }: Sim, cluster: string): Commands {
  const order = brakeOrders(rollout).find((one) => one.cluster === cluster);
  if (order === undefined) return [];
  return order.hold
    ? [{ type: 'RecordBrake', cluster, held: 1, moving: 0 }]
    : [{ type: 'RecordReleased', cluster, nodes: 1 }];
}

function analysisOf({ spec }: Sim) {
  const fixed = spec.urgent ? [{ id: 'CVE-2026-0001', severity: 'critical' }] : [];
  return { risk: { level: spec.risk }, security: { status: 'checked', fixed } };
}

function waveOf(sim: Sim, of: { readonly environment: string; readonly wave: string }): Wave {
  const wave = waveNamed(sim.rollout, of.environment, of.wave);
  if (wave === undefined) throw new Error(`no wave ${of.environment}/${of.wave}`);
  return wave;
}

/** What moving an environment means now; `undefined`: nothing is left to move. */
function planned(sim: Sim, name: string): Change | undefined {
  const policy = sim.policies.get(name);
  if (policy === undefined) throw new Error(`no policy for ${name}`);
  const pins = sim.git.pins
    .filter((pin) => pin.environment === name && pin.value !== release)
    .map(
      ({ repository, cluster, value, rest }): PinEdit => ({
        repository,
        branch: 'main',
        path: `${cluster}.yaml`,
        object: 'EC2NodeClass/default',
        rest: String(rest),
        kind: 'alias',
        from: value,
        to: release,
        clusters: [cluster],
      }),
    );
  if (pins.length === 0) return undefined;
  const rules = hashKept(policy);
  const key = pins.map(({ repository, path, from, rest }) => [repository, path, from, rest].join());
  return changeKept([name, rules, ...key].join(';'), () =>
    changeOf({ environment: name, release, images: [], policy: rules, pins }),
  );
}

/** Waves by the fleet's plan, or all that is left in one where the rules were changed. */
function wavesOf(sim: Sim, name: string, { pins }: Change): WavePlan[] {
  const spec = sim.spec.environments.find(({ policy }) => policy.name === name);
  const clusters = (spec?.waves ?? []).map((wave) => wave.map((one) => one.name));
  const together = sim.policies.get(name)?.waves.length === 2;
  return (together ? [clusters.flat()] : clusters).flatMap((names, index) => {
    const moved = names.filter((cluster) => pins.some((pin) => pin.clusters.includes(cluster)));
    const repositories = pins
      .filter((pin) => pin.clusters.some((cluster) => moved.includes(cluster)))
      .map(({ repository }) => repository);
    return moved.length === 0
      ? []
      : [
          {
            name: `wave-${index + 1}`,
            clusters: moved,
            repositories: [...new Set(repositories)],
          },
        ];
  });
}

function ask(sim: Sim, environment: string): Commands {
  const policy = sim.policies.get(environment);
  const found = environmentNamed(sim.rollout, environment);
  if (policy !== undefined && found !== undefined) {
    const until = sim.rollout.releasedAt + minimumAgeOf(found, policy);
    if (sim.now < until) return [{ type: 'Defer', environment, until, because: 'minimum-age' }];
  }
  const change = planned(sim, environment);
  if (change === undefined || policy === undefined) {
    return [{ type: 'NothingToMove', environment, detail: 'every pin names it' }];
  }
  const pins = change.pins.length;
  if (policy.mode === 'observe') return [{ type: 'RecordObserved', environment, pins }];
  const digest = record(sim, change);
  const waves = wavesOf(sim, environment, change);
  return [{ type: 'Ask', environment, digest, policy, waves, pins }];
}

function recheck(sim: Sim, environment: string): Commands {
  const { ask: open, waves = [] } = environmentNamed(sim.rollout, environment) ?? {};
  const policy = sim.policies.get(environment);
  if (open === undefined || policy === undefined) return [];
  const asked = recorded(sim, open.digest);
  const voided = { type: 'VoidApprovals', environment } as const;
  if (asked.policy !== hashKept(policy)) return [{ ...voided, because: 'policy-changed' }];
  const change = planned(sim, environment);
  const left = waves.filter(isToMerge).flatMap(({ clusters }) => clusters);
  const rest = changeKept([open.digest, ...left].join(), () =>
    restrictedTo(asked, [{ clusters: left }]),
  );
  const same = change !== undefined && digestKept(change) === digestKept(rest);
  return same ? [] : [{ ...voided, because: 'change-moved' }];
}

/** What the edits of a wave's part make of the main branch as it is now. */
function contentOf(
  sim: Sim,
  wave: Wave,
  change: Change,
  repository: string,
): 'moves' | 'overtaken' | 'changed' {
  const edits = change.pins.filter(
    (pin) =>
      pin.repository === repository && pin.clusters.some((name) => wave.clusters.includes(name)),
  );
  const standing = edits.map((edit) => {
    const pin = pinOf(sim.git, repository, edit.clusters[0] ?? '');
    if (pin.value !== edit.from) return 'left' as const;
    const moved = wave.recovery === undefined && String(pin.rest) !== edit.rest;
    return moved ? ('changed' as const) : ('moves' as const);
  });
  if (standing.includes('changed')) return 'changed';
  const enough = wave.recovery === undefined ? !standing.includes('left') : true;
  return enough && standing.includes('moves') ? 'moves' : 'overtaken';
}

function openParts(sim: Sim, wave: Wave): Commands {
  const digest = digestFor(sim.rollout, wave);
  if (digest === undefined) return [];
  const change = recorded(sim, digest);
  const missing = wave.repositories.filter(
    (repository) => !wave.parts.some((part) => part.repository === repository),
  );
  return missing.flatMap((repository) => openPart(sim, wave, change, repository));
}

function openPart(sim: Sim, wave: Wave, change: Change, repository: Part['repository']): Commands {
  const { environment, name, clusters } = wave;
  const asks = environmentNamed(sim.rollout, environment)?.asks ?? 1;
  const branch = `${environment}-${name}-${wave.recovery === undefined ? asks : 'back'}`;
  const content = contentOf(sim, wave, change, repository);
  if (content === 'changed') {
    return [{ type: 'VoidApprovals', environment, because: 'change-moved' }];
  }
  const found = sim.git.pulls.find(
    (pull) => pull.repository === repository && pull.branch === branch,
  );
  if (content === 'overtaken' && found === undefined) return [overtaken(wave)];
  // On the way back, pins that somebody moved since are left alone.
  const pins = change.pins.filter(
    (pin) =>
      wave.recovery === undefined ||
      pin.clusters.every((one) => pinOf(sim.git, pin.repository, one).value === pin.from),
  );
  const carried = wave.recovery === undefined ? change : changeOf({ ...change, pins });
  const pull = found ?? openPull(sim.git, { repository, branch, change: carried, clusters });
  const { number, head: headSha } = pull;
  const before = clusters.map((cluster) => ({
    cluster,
    release: 'al2023@v20261021',
    proven: sim.clusters.get(cluster)?.proven === true,
    images: [],
  }));
  return [
    {
      type: 'RecordPullRequest',
      environment,
      wave: name,
      repository,
      number,
      url: `https://github.com/${repository}/pull/${number}`,
      branch,
      headSha,
      before,
      digest: digestKept(change),
    },
  ];
}

const overtaken = ({ environment, name: wave }: Wave): WorkflowCommand => ({
  type: 'RecordOvertaken',
  environment,
  wave,
  byWhom: 'octocat',
  detail: 'moved',
});

type Check =
  | { readonly kind: 'record'; readonly commands: Commands }
  | { readonly kind: 'wait' }
  | {
      readonly kind: 'ready';
      readonly open: readonly Part[];
      readonly approversNow: Part['mergedBy'][];
    };

/** The look before the point of no return. */
function check(sim: Sim, wave: Wave): Check {
  const { environment, name } = wave;
  const digest = digestFor(sim.rollout, wave);
  if (digest === undefined) return { kind: 'wait' };
  const change = recorded(sim, digest);
  const doubt = (because: 'change-moved' | 'foreign-commit' | 'policy-changed'): Check =>
    wave.recovery === undefined
      ? { kind: 'record', commands: [{ type: 'VoidApprovals', environment, because }] }
      : { kind: 'wait' };
  const open = wave.parts.filter(({ mergeSha }) => mergeSha === undefined);
  for (const part of open) {
    const { repository, number } = part;
    const pull = pullOf(sim.git, repository, number);
    const inPart = { environment, wave: name, repository, number };
    if (pull.state === 'merged') {
      const merge = { mergeSha: `sha-${number}`, mergedBy: pull.by };
      return { kind: 'record', commands: [{ type: 'RecordMerge', ...inPart, ...merge }] };
    }
    if (pull.state === 'closed') {
      return { kind: 'record', commands: [{ type: 'RecordClosed', ...inPart, closedBy: pull.by }] };
    }
    const content = contentOf(sim, wave, change, repository);
    if (content === 'overtaken') return { kind: 'record', commands: [overtaken(wave)] };
    if (content === 'changed') return doubt('change-moved');
    if (pull.head !== 'ours') return doubt('foreign-commit');
  }
  const policy = sim.policies.get(environment);
  if (wave.recovery === undefined && policy !== undefined) {
    if (hashKept(policy) !== change.policy) return doubt('policy-changed');
  }
  if (wave.parts.length < wave.repositories.length || sim.checks === 'pending') {
    return { kind: 'wait' };
  }
  if (wave.recovery !== undefined) return { kind: 'ready', open, approversNow: [] };
  const grants = environmentNamed(sim.rollout, environment)?.ask?.grants.map(({ by }) => by) ?? [];
  const of = grants.filter((by) => ['no', 'guest-or-bot'].includes(mayDecide(sim, by)));
  if (of.length > 0) {
    const because = 'no-longer-approver' as const;
    return { kind: 'record', commands: [{ type: 'VoidApprovals', environment, because, of }] };
  }
  if (!sim.slackUp || sim.frozen) return { kind: 'wait' };
  const moved = movedTeams(sim, environment);
  if (moved.length > 0) {
    const because = 'no-longer-approver' as const;
    return {
      kind: 'record',
      commands: [{ type: 'VoidApprovals', environment, because, of: moved }],
    };
  }
  return { kind: 'ready', open, approversNow: grants };
}

/** Who went to another team, where that leaves a set unfilled. */
function movedTeams(sim: Sim, name: string): readonly SlackUserId[] {
  const { ask: open, policy } = environmentNamed(sim.rollout, name) ?? {};
  if (policy?.approval.sets === undefined || open === undefined) return [];
  const now = open.grants.map(({ by }) => ({ by, sets: sim.teams.get(by) ?? [] }));
  if (shortOf(policy.approval, now) === 0) return [];
  return open.grants
    .filter(({ by, sets = [] }) => sets.some((set) => !sim.teams.get(by)?.includes(set)))
    .map(({ by }) => by);
}

function advance(sim: Sim, wave: Wave): Commands {
  const seen = check(sim, wave);
  if (seen.kind === 'record') return seen.commands;
  const digest = digestFor(sim.rollout, wave);
  if (seen.kind === 'wait' || digest === undefined || seen.open.length === 0) return [];
  const { environment, name } = wave;
  const parts = seen.open.map(({ repository, number, headSha }) => ({
    repository,
    number,
    headSha,
  }));
  const approversNow = environmentNamed(sim.rollout, environment)?.ask?.grants ?? [];
  return [
    {
      type: 'StartMerge',
      environment,
      wave: name,
      digest,
      parts,
      approversNow: approversNow.map(({ by }) => by),
      setsNow: approversNow.map(({ by }) => ({ by, sets: sim.teams.get(by) ?? [] })),
      freezes: sim.policies.get(environment)?.freezes ?? [],
      before: [],
    },
  ];
}

function areMergeHours(sim: Sim, { environment }: Wave): boolean {
  const policy = sim.policies.get(environment);
  const found = environmentNamed(sim.rollout, environment);
  if (policy === undefined || found === undefined) return true;
  return mergeHours(policy, sim.now, { bypass: isWindowLifted(found) }).open;
}

function finish(sim: Sim, wave: Wave): Commands {
  const { environment, name } = wave;
  const held = { type: 'HoldMerge', environment, wave: name } as const;
  const seen = check(sim, wave);
  if (seen.kind === 'record') {
    const facts = seen.commands.every(
      ({ type }) => type === 'RecordMerge' || type === 'RecordClosed',
    );
    return facts ? seen.commands : [{ ...held, because: 'head-moved' }];
  }
  if (seen.kind === 'wait') return [{ ...held, because: sim.frozen ? 'frozen' : 'checks' }];
  if (wave.recovery === undefined && !areMergeHours(sim, wave)) {
    return [{ ...held, because: 'window' }];
  }
  if (wave.recovery === undefined && sim.rollout.paused !== undefined) {
    return [{ ...held, because: 'paused' }];
  }
  if (sim.merging === 'refused') return [{ ...held, because: 'refused' }];
  const made = sim.merging === 'half' ? seen.open.slice(0, 1) : seen.open;
  for (const { repository, number } of made) {
    mergePull(sim.git, pullOf(sim.git, repository, number), 'amiable[bot]');
  }
  // A crash after the merge: what was done is found at the next look.
  if (sim.merging === 'crash') return [];
  return made.map(({ repository, number }) => ({
    type: 'RecordMerge',
    environment,
    wave: name,
    repository,
    number,
    mergeSha: `sha-${number}`,
    mergedBy: 'amiable[bot]',
  }));
}

function closePull(sim: Sim, step: Extract<Step, { do: 'close-pull-request' }>): Commands {
  const { environment, wave, repository, number } = step;
  const inPart = { environment, wave, repository, number };
  const pull = pullOf(sim.git, repository, number);
  if (pull.state === 'merged') {
    const merge = { mergeSha: `sha-${number}`, mergedBy: pull.by };
    return [{ type: 'RecordMerge', ...inPart, ...merge }];
  }
  const closedBy = pull.state === 'closed' ? pull.by : 'amiable[bot]';
  pull.state = 'closed';
  return [{ type: 'RecordClosed', ...inPart, closedBy }];
}

function verify(sim: Sim, wave: Wave): Commands {
  const { environment, name } = wave;
  const pulls = wave.parts.map(({ repository, number }) => pullOf(sim.git, repository, number));
  const digest = digestFor(sim.rollout, wave);
  const change = digest === undefined ? undefined : recorded(sim, digest);
  const exact = (pull: Pull) =>
    pull.head === 'ours' &&
    (wave.recovery !== undefined ||
      JSON.stringify(editsOf(pull)) ===
        JSON.stringify(change === undefined ? [] : editsOf({ ...pull, change })));
  const verified = { type: 'RecordVerified', environment, wave: name } as const;
  return [pulls.every(exact) ? verified : { ...verified, differs: 'more than was approved' }];
}

function deliver(sim: Sim, wave: Wave): Commands {
  if (wave.phase.name !== 'syncing') return [];
  const { environment, name } = wave;
  const { synced } = wave.phase;
  const todo = wave.clusters.filter((cluster) => !synced.includes(cluster));
  const seen = sim.nodes === 'slow' ? todo.slice(0, 1) : todo;
  return seen.map((cluster) => ({ type: 'RecordSynced', environment, wave: name, cluster }));
}

function replace(sim: Sim, wave: Wave): Commands {
  if (wave.phase.name !== 'replacing') return [];
  const { environment, name } = wave;
  const { since, replaced } = wave.phase;
  const inWave = { type: 'RecordReplacement', environment, wave: name } as const;
  const { now } = sim;
  switch (sim.nodes) {
    case 'well':
      return [
        { ...inWave, replaced: 4, total: 4, steadySince: since, movedAt: since, blockers: [] },
      ];
    case 'none':
      return [
        { ...inWave, replaced: 0, total: 0, steadySince: since, movedAt: since, blockers: [] },
      ];
    case 'slow':
      return [
        {
          ...inWave,
          replaced: Math.min(3, replaced + 1),
          total: 4,
          movedAt: now,
          blockers: ['pdb'],
        },
      ];
    case 'broken':
      return [{ ...inWave, replaced: 4, total: 4, movedAt: since, blockers: ['Degraded'] }];
  }
}

function soak(sim: Sim, wave: Wave): Commands {
  if (wave.phase.name !== 'soaking') return [];
  const { environment, name } = wave;
  const broken = sim.nodes === 'broken' ? { broken: 'Degraded' } : {};
  const healthyMs = sim.nodes === 'slow' ? 0 : sim.now - wave.phase.since;
  const { total } = wave.phase;
  return [{ type: 'RecordSoak', environment, wave: name, healthyMs, total, ...broken }];
}
