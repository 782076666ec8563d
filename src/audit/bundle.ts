import type { RolloutEvent } from '../rollout/events.ts';
import { policyHash } from '../rollout/policy.ts';
import { type Rollout, wavesOf } from '../rollout/rollout.ts';
import type { Json } from '../shared/canonical.ts';
import { isoOf } from '../shared/time.ts';
import { chapterOf } from './chapter-of.ts';
import type { DecisionLine, Identity, ReadCommit } from './decision-line.ts';
import { decisionLines } from './decision-line.ts';
import type { Finding } from './finding.ts';
import type { StoredRecord } from './stored-record.ts';

/** The checks that had passed when a merge was decided; `passed` absent: an earlier version did not record them. */
export type BundleChecks = {
  readonly at: string;
  readonly environment: string;
  readonly wave: string;
  readonly pullRequest: string;
  readonly headSha: string;
  readonly passed?: readonly string[];
};

/** All there is to know about one rollout, in one document that needs nothing else. Fields are only added. */
export type Bundle = {
  readonly v: 1;
  readonly rollout: string;
  readonly made: string;
  readonly request: {
    readonly release: string;
    readonly fleet: string;
    readonly attempt: number;
    readonly at: string;
    /** Absent: detection did. */
    readonly by?: string;
    readonly environments: readonly {
      readonly name: string;
      readonly policy: Json;
      readonly policyHash: string;
      readonly waves: readonly { readonly name: string; readonly clusters: readonly string[] }[];
      readonly replaces: readonly { readonly cluster: string; readonly release: string }[];
    }[];
  };
  /** As it stood for the people who decided; absent: it was never done. */
  readonly risk?: {
    readonly level?: string;
    readonly unavailable?: string;
    readonly analysis?: Json;
  };
  readonly changes: readonly { readonly digest: string; readonly change: Json }[];
  readonly approvals: readonly DecisionLine[];
  readonly checks: readonly BundleChecks[];
  readonly merges: readonly DecisionLine[];
  readonly outcome: {
    /** `open` while it is under way. */
    readonly name: string;
    readonly at?: string;
    readonly waves: readonly {
      readonly environment: string;
      readonly name: string;
      readonly phase: string;
      /** Present once complete: whether nodes proved it. */
      readonly proven?: boolean;
    }[];
  };
  readonly decisions: readonly DecisionLine[];
  /** How far the record of this rollout is vouched for, and what is wrong with it. */
  readonly verification: { readonly anchored: number; readonly findings: readonly Finding[] };
  /** The record itself: whoever hashes it comes to the same. */
  readonly record: readonly StoredRecord[];
};

/** Puts a rollout's record together; what an earlier version did not record is left out, never made up. */
export function bundleOf({
  rollout,
  commits,
  changes,
  people,
  verification,
  record,
  now,
}: {
  readonly rollout: Rollout;
  readonly commits: readonly (ReadCommit & { readonly events: readonly RolloutEvent[] })[];
  readonly changes: Bundle['changes'];
  readonly people: readonly Identity[];
  readonly verification: Bundle['verification'];
  readonly record: readonly StoredRecord[];
  readonly now: number;
}): Bundle {
  const events = commits.flatMap((commit) => commit.events);
  const opening = events[0]?.type === 'RolloutOpened' ? events[0] : undefined;
  const decisions = decisionLines(rollout.id, commits, people);
  const chapters = new Map<string, ReturnType<typeof chapterOf>>(
    events.map(({ type }) => [type, chapterOf(type)]),
  );
  const linesOf = (chapter: 'steering' | 'merges') =>
    decisions.filter(({ what }) => chapters.get(what) === chapter);
  const { outcome, openedBy } = rollout;
  const risk = riskOf(rollout);
  return {
    v: 1,
    rollout: rollout.id,
    made: isoOf(now),
    request: {
      release: rollout.release,
      fleet: rollout.scope,
      attempt: rollout.attempt,
      at: isoOf(rollout.openedAt),
      ...(openedBy === undefined ? {} : { by: openedBy }),
      environments: (opening?.environments ?? []).map(({ policy, waves, replaces }) => ({
        name: policy.name,
        policy,
        policyHash: policyHash(policy),
        waves: waves.map(({ name, clusters }) => ({ name, clusters })),
        replaces: replaces.map(({ cluster, release }) => ({ cluster, release })),
      })),
    },
    ...(risk === undefined ? {} : { risk }),
    changes,
    approvals: linesOf('steering'),
    checks: events.flatMap(checksOf),
    merges: linesOf('merges'),
    outcome: {
      name: outcome?.name ?? 'open',
      ...(outcome === undefined ? {} : { at: isoOf(outcome.at) }),
      waves: rollout.environments.flatMap(wavesOf).map(({ environment, name, phase }) => ({
        environment,
        name,
        phase: phase.name,
        ...(phase.name === 'complete' ? { proven: phase.proven } : {}),
      })),
    },
    decisions,
    verification,
    record,
  };
}

function riskOf({ analysis }: Rollout): Bundle['risk'] {
  if (analysis === 'pending') return undefined;
  const { value, unavailable } = analysis;
  return {
    ...(value === undefined ? {} : { level: value.risk.level, analysis: value as unknown as Json }),
    ...(unavailable === undefined ? {} : { unavailable }),
  };
}

function checksOf(event: RolloutEvent): readonly BundleChecks[] {
  if (event.type !== 'MergeStarted') return [];
  const { environment, wave, parts, at } = event;
  return parts.map(({ repository, number, headSha, passed }) => ({
    at: isoOf(at),
    environment,
    wave,
    pullRequest: `${repository}#${number}`,
    headSha,
    ...(passed === undefined ? {} : { passed }),
  }));
}
