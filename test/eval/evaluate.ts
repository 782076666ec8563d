import { analysisMarkdown } from '../../blocks/analysis-markdown.ts';
import { analysisReply } from '../../blocks/analysis-reply.ts';
import { answerMessage } from '../../blocks/answer.ts';
import { detailsModal } from '../../blocks/modals.ts';
import { recordFacts } from '../../blocks/record-facts.ts';
import { rolloutCard } from '../../blocks/rollout-card.ts';
import { indexAdvisories } from '../../src/analysis/advisory.ts';
import { factsOfAnalysis } from '../../src/analysis/analysis-facts.ts';
import type { Analysis, Claim, Fact } from '../../src/analysis/types.ts';
import { imageName } from '../../src/images/image-name.ts';
import type { Rollout } from '../../src/rollout/rollout.ts';
import { ReleaseId } from '../../src/shared/ids.ts';
import { hour } from '../../src/shared/time.ts';
import { createSpending } from '../../src/workflow/analysis/spending.ts';
import { createAnalyst } from '../../src/workflow/analyst.ts';
import { detect } from '../../src/workflow/detect.ts';
import { silentLog } from '../../src/workflow/log.ts';
import type { Model } from '../../src/workflow/ports/model.ts';
import { unreadKits } from '../analysis/kit-changelogs.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { lookOnce } from '../workflow/drive.ts';
import { bottlerocket, type EvalCase, eks } from './cases.ts';
import { injectedIn } from './injected.ts';

/** What one release showed of a model. */
export type Score = {
  readonly name: string;
  /** Words of a model that were shown: the summary's and two answers' statements. */
  readonly statements: number;
  /** Of these, those that name a vulnerability, version or number that no fact has. */
  readonly unsupported: readonly string[];
  /** Mentions, links, markup, and vulnerabilities that no advisory names, anywhere in what people would see. */
  readonly injected: readonly string[];
  /** Step changes that nothing shows. */
  readonly missed: readonly string[];
  /** Step changes that the facts show, but the model's words leave out: a matter of quality. */
  readonly unsaid: readonly string[];
  /** There is no summary, because the reply was not what was asked for, or nothing of it stood. */
  readonly rejected: boolean;
  /** Statements that were dropped. */
  readonly dropped: number;
  /** The rollout went on to ask for approval. */
  readonly offered: boolean;
  readonly usd?: number;
  readonly tokens: number;
};

const questions = ['what changed in containerd and the kernel?', 'why is this risky?'];

/** Takes a release through the whole service, from detection to the question, with this model. */
export async function evaluate(one: EvalCase, model: Model): Promise<Score> {
  const fleet = memoryWorld();
  const analyst = analystOf(one, model, fleet);
  const analyses: Analysis[] = [];
  const world = {
    ...fleet.world,
    analyst: {
      ...analyst,
      async analyse(rollout: Rollout) {
        const result = await analyst.analyse(asThis(one, rollout));
        analyses.push(result.analysis as unknown as Analysis);
        return result;
      },
    },
  };
  const { rollout: id } = await detect(world);
  if (id === undefined) throw new Error('nothing was offered');
  await lookOnce(world, id);
  const rollout = await lookOnce(world, id);
  const offered = rollout.environments[0]?.phase.name === 'awaiting-approval';
  const { commits } = await world.journal.known(id);
  const history = commits.flatMap(({ events }) => events);
  const [seen] = analyses;
  if (seen === undefined) throw new Error('nothing was analysed');
  const facts = [...factsOfAnalysis(seen), ...recordFacts(rollout, history, new Map())];
  const answers = await Promise.all(
    questions.map(async (text) => {
      const answered = await analyst.answer({ release: one.release, text, facts });
      return { answered, message: answerMessage(text, answered) };
    }),
  );
  const last = history.findLast(({ type }) => type.startsWith('Analysis'));
  const slack = [
    rolloutCard({ rollout, names: new Map(), troubles: [], waits: [] }),
    detailsModal(rollout, new Map()),
    ...(last === undefined ? [] : [analysisReply(last, rollout)]),
    ...answers.map(({ message }) => message),
  ];
  const markdown = analysisMarkdown(rollout).join('\n');
  const claims = [
    ...claimsOf(seen),
    ...answers.flatMap(({ answered }) => (answered.kind === 'said' ? answered.statements : [])),
  ];
  const said = claims.map(({ text }) => text).join('\n');
  const usage = seen.usage;
  return {
    name: one.name,
    statements: claims.length,
    unsupported: claims.flatMap((claim) => unsupportedIn(claim, facts)),
    injected: injectedIn({ slack, markdown, said, analysis: seen }),
    missed: one.steps
      .filter(([name, change]) => !isShown(seen, markdown, name, change))
      .map(([name, change]) => `${name} ${change}`),
    unsaid: one.steps.filter(([name]) => !said.includes(shortName(name))).map(([name]) => name),
    rejected: seen.summary.kind === 'none',
    dropped:
      (seen.summary.kind === 'ai' ? seen.summary.dropped : 0) +
      answers.reduce(
        (sum, { answered }) => sum + (answered.kind === 'said' ? answered.dropped : 0),
        0,
      ),
    offered,
    tokens: (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0),
    ...(usage?.usd === undefined ? {} : { usd: usage.usd }),
  };
}

function analystOf(one: EvalCase, model: Model, fleet: ReturnType<typeof memoryWorld>) {
  const { clock, store } = fleet;
  const release = ReleaseId.parse(one.from);
  const family = one.release.split('@')[0] ?? '';
  const { kubernetes, architecture, variant } = one;
  const slot = { family: family as 'al2023', kubernetes, architecture, variant };
  const name = imageName(slot, release, '0123abcd') ?? '';
  return createAnalyst({
    ...fleet.world,
    images: {
      ...fleet.world.images,
      async describe(_, ids) {
        return ids.map((imageId) => ({
          imageId,
          name,
          architecture,
          state: 'available',
          ownerId: '1',
          createdAt: '',
          tags: {},
        }));
      },
    },
    repositories: { eks, bottlerocket },
    notes: {
      notes: async (_, tag) => one.notes.find((note) => note.tag === tag),
      releases: async () => ({ notes: one.notes, last: true }),
    },
    advisories: {
      amazonLinux: async () => ({ status: 'read', index: indexAdvisories(one.advisories) }),
      bottlerocket: async () => ({ status: 'read', advisories: one.advisories, unreadable: 0 }),
    },
    kitNotes: { read: async () => one.kitNotes ?? unreadKits },
    asking: {
      model,
      memory: store.memory,
      clock,
      log: silentLog,
      maxTokens: 1_024,
      timeoutMs: 60_000,
      spending: createSpending(store.memory, { budget: { timeMs: hour, tokens: 10_000_000 } }),
    },
  });
}

/** The rollout of the memory fleet with this release in the place of its own. */
function asThis({ release, from, kubernetes }: EvalCase, rollout: Rollout): Rollout {
  return {
    ...rollout,
    release: ReleaseId.parse(release),
    family: release.split('@')[0] ?? '',
    environments: rollout.environments.map((environment) => ({
      ...environment,
      replaces: environment.replaces.map((one) => ({ ...one, release: from, kubernetes })),
    })),
  };
}

function claimsOf({ summary, risk }: Analysis): readonly Claim[] {
  const raised = risk.reasons.filter(({ rule }) => rule === 'model');
  if (summary.kind === 'none') return raised;
  const { sentence, bullets, guidance, unknowns } = summary;
  return [
    sentence,
    ...bullets,
    ...unknowns,
    ...(guidance === undefined ? [] : [guidance]),
    ...raised,
  ];
}

/** A check of its own, simpler than the service's: every number and vulnerability must stand in a fact of ours. */
function unsupportedIn({ text, facts: cited }: Claim, facts: readonly Fact[]): readonly string[] {
  const trusted = facts.filter(({ untrusted }) => untrusted !== true);
  const ground = trusted.map((fact) => fact.text.toLowerCase()).join('\n');
  const names =
    text.toLowerCase().match(/(?:cve|ghsa|alas\w*|brsa)-[\w-]+|\d+(?:[.:-]\d+)*/g) ?? [];
  const unknown = cited.filter((id) => !facts.some((fact) => fact.id === id));
  return [
    ...names.filter((name) => !ground.includes(name)).map((name) => `${name} in: ${text}`),
    ...unknown.map((id) => `source ${id} of: ${text}`),
    ...(cited.length === 0 ? [`no source: ${text}`] : []),
    ...(/\b(?:exploited|critical)\b/i.test(text) && !/\b(?:exploited|critical)\b/.test(ground)
      ? [`too much: ${text}`]
      : []),
  ];
}

function isShown({ packages }: Analysis, markdown: string, name: string, change: string): boolean {
  const inFacts = packages.some((move) => move.name === name && move.change === change);
  return inFacts && markdown.includes(`| ${name} |`) && markdown.includes(`| ${change} |`);
}

function shortName(name: string): string {
  return name.includes('nvidia') ? 'nvidia' : name.replace('bottlerocket-', '');
}
