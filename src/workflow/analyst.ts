import { amiTypeOf } from '../analysis/ami-type.ts';
import { analysisOf } from '../analysis/analysis.ts';
import { checkAnswer } from '../analysis/check-answer.ts';
import { eksFacts } from '../analysis/eks-facts.ts';
import type { EksNotes } from '../analysis/eks-notes.ts';
import { parseEksNotes } from '../analysis/eks-notes.ts';
import { factsOf } from '../analysis/fact-list.ts';
import type { Prompt } from '../analysis/prompt.ts';
import { promptOf, promptVersion } from '../analysis/prompt.ts';
import { combinedRisk, riskOf } from '../analysis/risk.ts';
import type { AiSummary, Fact, ImageMove, NoSummaryReason, Risk } from '../analysis/types.ts';
import { supportOf } from '../images/kubernetes-support.ts';
import { StoredAnalysis } from '../rollout/events.ts';
import type { Rollout } from '../rollout/rollout.ts';
import type { RepositoryName } from '../shared/ids.ts';
import type { Clock } from '../shared/time.ts';
import { day } from '../shared/time.ts';
import type { Fleet } from './fleet.ts';
import type { Log } from './log.ts';
import type { Analyst } from './ports/analyst.ts';
import type { ReleaseNotes } from './ports/git-host.ts';

/** A model that is asked once, within its limits, or why it gave no usable words. */
export type Model = (
  prompt: Prompt,
) => Promise<
  | { readonly kind: 'said'; readonly text: string; readonly model: string }
  | { readonly kind: 'silent'; readonly reason: NoSummaryReason }
>;

/** Facts from the release's own notes, risk from the rules; the model, if there is one, only explains them. */
export function createAnalyst({
  clock,
  log,
  fleet,
  notes,
  repository,
  model,
}: {
  readonly clock: Clock;
  readonly log: Log;
  readonly fleet: Fleet;
  readonly notes: ReleaseNotes;
  readonly repository: RepositoryName;
  /** Absent: switched off. */
  readonly model?: Model;
}): Analyst {
  return {
    async analyse(rollout) {
      const read = await readNotes({ notes, repository, log }, rollout);
      const facts = eksFacts({
        release: rollout.release,
        images: imageMoves(fleet, rollout),
        notes: read.notes,
        url: read.url,
        // Said as it is: what was not read is not "none".
        feed: { status: 'unavailable', reason: 'security advisories are not read in this version' },
        ...supportEnd(fleet, rollout, clock.now()),
      });
      const rules = riskOf(facts);
      const list = factsOf(facts, rules);
      const { summary, risk } = await summarised(list, rules, model, log);
      const analysis = StoredAnalysis.parse(analysisOf(facts, risk, summary));
      return typeof summary === 'string' ? { analysis, unavailable: summary } : { analysis };
    },
  };
}

/** Notes of the release and of what runs now; one that cannot be read is missing, and said to be. */
async function readNotes(
  {
    notes,
    repository,
    log,
  }: { readonly notes: ReleaseNotes; readonly repository: RepositoryName; readonly log: Log },
  rollout: Rollout,
): Promise<{ readonly notes: ReadonlyMap<string, EksNotes>; readonly url: string }> {
  const tag = tagOf(rollout.release);
  const running = rollout.environments.flatMap(({ replaces }) =>
    replaces.map(({ release }) => release),
  );
  const tags = new Set([tag, ...running.flatMap((release) => release.split(', ')).map(tagOf)]);
  const parsed = new Map<string, EksNotes>();
  let url = `https://github.com/${repository}/releases/tag/${tag}`;
  for (const one of [...tags].slice(0, 10)) {
    try {
      const found = await notes.notes(repository, one);
      if (found === undefined) continue;
      if (one === tag) url = found.url;
      const read = parseEksNotes(found.title, found.body);
      if (read !== undefined) parsed.set(one, read);
    } catch (cause) {
      log.warn({ rollout: rollout.id, tag: one, cause }, 'release notes not read');
    }
  }
  return { notes: parsed, url };
}

/** What each kind of cluster moves from: standard x86_64 images, which every fleet has. */
function imageMoves(fleet: Fleet, rollout: Rollout): readonly ImageMove[] {
  const moves = new Map<string, ImageMove>();
  for (const { cluster: name, release } of rollout.environments.flatMap(
    ({ replaces }) => replaces,
  )) {
    const cluster = fleet.clusters.find((one) => one.name === name);
    const amiType = amiTypeOf(rollout.family, 'x86_64', 'standard');
    if (cluster === undefined || amiType === undefined) continue;
    for (const from of release.split(', ')) {
      const key = `${cluster.kubernetes} ${from}`;
      const known = moves.get(key);
      const { kubernetes } = cluster;
      moves.set(key, { kubernetes, amiType, from, clusters: (known?.clusters ?? 0) + 1 });
    }
  }
  return [...moves.values()];
}

/** Days until standard support ends, for the oldest Kubernetes minor concerned. */
function supportEnd(fleet: Fleet, rollout: Rollout, now: number) {
  const names = rollout.environments.flatMap(({ replaces }) =>
    replaces.map(({ cluster }) => cluster),
  );
  const minors = fleet.clusters
    .filter(({ name }) => names.includes(name))
    .map(({ kubernetes }) => kubernetes);
  const ends = minors.flatMap((kubernetes) => {
    const support = supportOf(kubernetes, now);
    if (support.kind === 'unknown') return [];
    const days = support.kind === 'standard' ? Math.floor((support.until - now) / day) : -1;
    return [{ kubernetes, days }];
  });
  const first = ends.sort((a, b) => a.days - b.days).at(0);
  return first === undefined ? {} : { supportEndsInDays: first };
}

/** The model's words as far as the facts bear them out, and its higher risk; else why there are none. */
async function summarised(
  facts: readonly Fact[],
  rules: Risk,
  model: Model | undefined,
  log: Log,
): Promise<{ readonly summary: AiSummary | NoSummaryReason; readonly risk: Risk }> {
  if (model === undefined) return { summary: 'off', risk: rules };
  try {
    const reply = await model(promptOf(facts));
    if (reply.kind === 'silent') return { summary: reply.reason, risk: rules };
    const checked = checkAnswer(reply.text, facts, { model: reply.model, promptVersion });
    if (checked.kind === 'rejected') {
      log.warn({ reason: checked.reason, dropped: checked.dropped }, 'model answer not used');
      return { summary: 'nonsense', risk: rules };
    }
    return { summary: checked.summary, risk: combinedRisk(rules, checked.risk) };
  } catch (cause) {
    log.warn({ cause }, 'model did not answer');
    return { summary: 'unavailable', risk: rules };
  }
}

/** `al2023@v20261118` → `v20261118`. */
function tagOf(release: string): string {
  return release.slice(release.indexOf('@') + 1);
}
