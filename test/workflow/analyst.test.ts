import { describe, expect, test } from 'vitest';
import { indexAdvisories } from '../../src/analysis/advisory.ts';
import type { Analysis } from '../../src/analysis/types.ts';
import { imageName } from '../../src/images/image-name.ts';
import type { Rollout } from '../../src/rollout/rollout.ts';
import { demoModel } from '../../src/sandbox/demo-model.ts';
import { demoNotes } from '../../src/sandbox/demo-notes.ts';
import { demo } from '../../src/sandbox/demo-world.ts';
import { ReleaseId, RepositoryName } from '../../src/shared/ids.ts';
import { minute } from '../../src/shared/time.ts';
import { createSpending, tokensAtMost } from '../../src/workflow/analysis/spending.ts';
import { createAnalyst } from '../../src/workflow/analyst.ts';
import { silentLog } from '../../src/workflow/log.ts';
import type { ReleaseNote } from '../../src/workflow/ports/git-host.ts';
import type { Model, ModelAnswer, ModelQuestion } from '../../src/workflow/ports/model.ts';
import { noKitNotes } from '../analysis/kit-changelogs.ts';
import { memoryWorld, newRelease } from '../fakes/memory-world.ts';

const eks = RepositoryName.parse('awslabs/amazon-eks-ami');
const bottlerocket = RepositoryName.parse('bottlerocket-os/bottlerocket');

const notes: readonly ReleaseNote[] = demo.releases
  .map((release) => ({
    tag: release.tag,
    title: `AMI Release ${release.tag}`,
    body: demoNotes(release),
    publishedAt: 0,
    url: `https://github.com/${eks}/releases/tag/${release.tag}`,
  }))
  .toReversed();

const said = (question: ModelQuestion): ModelAnswer => ({
  kind: 'said',
  model: 'first',
  text: demoModel({
    modelId: 'first',
    system: [],
    inferenceConfig: {},
    messages: [{ role: 'user', content: [{ text: question.user }] }],
  }),
  inputTokens: 1_000,
  outputTokens: 200,
});

/** A node that runs an image of that name. */
function nodeNames(world: ReturnType<typeof memoryWorld>, cluster: string, names: string[]) {
  const [pattern] = world.running.get(cluster) ?? [];
  if (pattern === undefined) throw new Error(`${cluster} has no nodes`);
  world.running.set(
    cluster,
    names.map((imageId, i) => ({ ...pattern, name: `${cluster}-${i}`, imageId })),
  );
}

const nvidia = imageName(
  { family: 'al2023', kubernetes: '1.35', architecture: 'arm64', variant: 'nvidia' },
  ReleaseId.parse('al2023@v20261103'),
);

function desk({
  ask = said,
  guardrail = () => 'passed',
  budget = { timeMs: minute, tokens: 100_000 },
  source = notes,
}: {
  readonly ask?: (question: ModelQuestion) => ModelAnswer;
  readonly guardrail?: (text: string, source: string) => 'passed' | 'intervened';
  readonly budget?: Parameters<typeof createSpending>[1]['budget'];
  readonly source?: readonly ReleaseNote[];
} = {}) {
  const fleet = memoryWorld();
  const { clock, store } = fleet;
  const asked: ModelQuestion[] = [];
  const screened: string[] = [];
  const pages: number[] = [];
  const model: Model = {
    identity: 'first',
    async ask(question) {
      asked.push(question);
      return ask(question);
    },
    async screen(text, of) {
      screened.push(of);
      return guardrail(text, of);
    },
    retired: async () => [],
  };
  const analyst = createAnalyst({
    ...fleet.world,
    images: {
      ...fleet.world.images,
      async describe(region, ids) {
        const known = await fleet.world.images.describe(region, ids);
        const [pattern] = await fleet.world.images.describe(
          region,
          fleet.running.get('stg')?.flatMap(({ imageId }) => imageId ?? []) ?? [],
        );
        const named = ids
          .filter((id) => id.startsWith('amazon-eks-node'))
          .map((imageId) => ({
            imageId,
            name: imageId,
            architecture: 'arm64' as const,
            state: 'available',
            ownerId: pattern?.ownerId ?? '',
            createdAt: '',
            tags: {},
          }));
        return [...known, ...named];
      },
    },
    repositories: { eks, bottlerocket },
    notes: {
      async notes(_, tag) {
        return source.find((one) => one.tag === tag);
      },
      async releases(_, page) {
        pages.push(page);
        return { notes: page === 1 ? source : [], last: true };
      },
    },
    advisories: {
      amazonLinux: async () => ({
        status: 'read',
        index: indexAdvisories([
          {
            id: 'ALAS2023-2026-9001',
            severity: 'high',
            cves: ['CVE-2026-90001'],
            products: [{ package: 'kernel6.12', fixedIn: '6.12.112-1.amzn2023' }],
          },
        ]),
      }),
      bottlerocket: async () => ({ status: 'unavailable', reason: 'nobody asked' }),
    },
    kitNotes: noKitNotes,
    asking: {
      model,
      memory: store.memory,
      clock,
      log: silentLog,
      maxTokens: 1_000,
      timeoutMs: 20_000,
      spending: createSpending(store.memory, { budget, price: { input: 3, output: 15 } }),
    },
  });
  const rollout = {
    id: 'ro_0000000000',
    release: newRelease,
    family: 'al2023',
    environments: [
      { replaces: [{ cluster: 'stg', release: 'al2023@v20261021', pins: 1 }] },
      {
        replaces: [
          { cluster: 'prod-a', release: 'al2023@v20261021', pins: 1 },
          { cluster: 'prod-b', release: 'al2023@v20261021', pins: 1 },
        ],
      },
    ],
  } as unknown as Rollout;
  const analyse = async () => {
    const { analysis, unavailable } = await analyst.analyse(rollout);
    return { analysis: analysis as unknown as Analysis, unavailable };
  };
  return { ...fleet, analyst, analyse, asked, screened, pages };
}

describe('the analysis of a release', () => {
  test('compares what the nodes of each cluster run, by kind of image, not what pins say', async () => {
    const { analyse, pages, ...world } = desk();
    nodeNames(world as never, 'prod-b', [nvidia ?? '', nvidia ?? '']);
    const { analysis } = await analyse();
    expect(
      analysis.images.map(({ kubernetes, amiType, from, names }) => [
        kubernetes,
        amiType,
        from,
        names,
      ]),
    ).toEqual([
      ['1.35', 'AL2023_x86_64_STANDARD', 'al2023@v20261021', ['stg', 'prod-a']],
      ['1.35', 'AL2023_ARM_64_NVIDIA', 'al2023@v20261103', ['prod-b']],
    ]);
    const kernel = analysis.packages.filter(({ name }) => name === 'kernel');
    expect(kernel.map(({ from, images }) => [from, images])).toEqual([
      ['6.12.110-140.180.amzn2023', [0]],
      ['6.12.114-143.184.amzn2023', [1]],
    ]);
    expect(analysis.between.map(({ release }) => release)).toEqual(['al2023@v20261103']);
    expect(analysis.security).toMatchObject({
      status: 'checked',
      fixed: [{ id: 'CVE-2026-90001', images: [0] }],
    });
    expect(analysis.blastRadius).toEqual({ clusters: 3, nodes: 8 });
    expect(pages).toEqual([1]);
  });

  test('says which clusters it did not see, and counts no nodes then', async () => {
    const { analyse, unreachable } = desk();
    unreachable.add('prod-a');
    const { analysis } = await analyse();
    expect(analysis.unknowns[0]).toContain('What runs in prod-a was not seen');
    expect(analysis).not.toHaveProperty('blastRadius');
    expect(analysis.images[0]?.names).toHaveLength(3);
  });

  test('says that nodes run an image nobody publishes', async () => {
    const { analyse, ...world } = desk();
    nodeNames(world as never, 'stg', ['ami-0custom']);
    const { analysis } = await analyse();
    expect(analysis.unknowns).toContain('1 node of stg ran an image that is no published one.');
  });

  test('without any notes still gives a risk, and says what is missing', async () => {
    const { analyse } = desk({ source: [] });
    const { analysis } = await analyse();
    expect(analysis).toMatchObject({
      notes: { status: 'missing' },
      security: { status: 'not-checked' },
      risk: { level: 'medium' },
    });
  });
});

describe('the model', () => {
  test('is asked once for the same facts, however many rollouts tell them', async () => {
    const { analyse, asked } = desk();
    const first = await analyse();
    const second = await analyse();
    expect(asked).toHaveLength(1);
    expect(first.analysis.summary).toMatchObject({ kind: 'ai', model: 'first' });
    expect(second.analysis.summary).toEqual(first.analysis.summary);
    expect(first.analysis.usage).toMatchObject({ inputTokens: 1_000, usd: 0.006 });
    expect(second.analysis.usage).toMatchObject({ inputTokens: 0, kept: true });
  });

  test('is asked again for other facts', async () => {
    const { analyse, asked, running } = desk();
    await analyse();
    running.set('stg', running.get('stg')?.slice(0, 1) ?? []);
    await analyse();
    expect(asked).toHaveLength(2);
  });

  test('is not asked when that could cost more than is left', async () => {
    const { analyse, asked } = desk({ budget: { timeMs: minute, tokens: 1_500 } });
    expect((await analyse()).unavailable).toBe('over-budget');
    expect(asked).toHaveLength(0);
    const dear = desk({ budget: { timeMs: minute, tokens: 100_000, usd: 0.001 } });
    expect((await dear.analyse()).unavailable).toBe('over-budget');
  });

  test('costs a release no more than its budget, also when it never answers well', async () => {
    const { analyse, asked, running } = desk({
      ask: (question) => ({ ...(said(question) as object), text: 'no JSON' }) as ModelAnswer,
      budget: { timeMs: minute, tokens: 8_000 },
    });
    const told: (string | undefined)[] = [];
    for (let i = 0; i < 8; i += 1) {
      const [node] = running.get('stg') ?? [];
      if (node !== undefined) running.set('stg', Array(i + 1).fill(node));
      told.push((await analyse()).unavailable);
    }
    expect(told[0]).toBe('nonsense');
    expect(told.at(-1)).toBe('over-budget');
    expect(asked.length * 1_200).toBeLessThanOrEqual(8_000);
  });

  test('gets only as long as is left', async () => {
    const { analyse, asked } = desk({ budget: { timeMs: 3_000, tokens: 100_000 } });
    await analyse();
    expect(asked[0]?.timeoutMs).toBe(3_000);
  });

  test('stands behind the guardrail: what goes in, and what would be shown', async () => {
    const { analyse, screened } = desk();
    await analyse();
    expect(screened).toEqual(['INPUT', 'OUTPUT']);
    const input = desk({ guardrail: (_, of) => (of === 'INPUT' ? 'intervened' : 'passed') });
    expect((await input.analyse()).unavailable).toBe('intervened');
    expect(input.asked).toHaveLength(0);
    const output = desk({ guardrail: (_, of) => (of === 'OUTPUT' ? 'intervened' : 'passed') });
    const { analysis } = await output.analyse();
    expect(analysis.summary).toEqual({ kind: 'none', reason: 'intervened' });
    expect(analysis.packages.length).toBeGreaterThan(0);
    await output.analyse();
    expect(output.asked).toHaveLength(2); // what the guardrail refused is not kept
  });

  test('has its reason for a higher risk read by the guardrail too', async () => {
    const reason = 'the kernel changes under every container';
    const { analyse } = desk({
      ask: (question) => {
        const answer = said(question);
        if (answer.kind !== 'said') return answer;
        const reply = JSON.parse(answer.text) as { sentence: { facts: string[] } };
        const risk = { level: 'high', text: reason, facts: reply.sentence.facts };
        return { ...answer, text: JSON.stringify({ ...reply, risk }) };
      },
      guardrail: (text, of) => (of === 'OUTPUT' && text.includes(reason) ? 'intervened' : 'passed'),
    });
    expect((await analyse()).unavailable).toBe('intervened');
  });

  test.each(['timeout', 'intervened'] as const)(
    'that was paid but not heard (%s) cannot be asked without end',
    async (reason) => {
      const { analyst, asked } = desk({
        ask: () => ({ kind: 'silent', reason }),
        budget: { timeMs: minute, tokens: 8_000 },
      });
      const facts = [{ id: 'P1', text: 'kernel: 6.1.1 to 6.1.2 (patch) in all images.' }];
      for (let i = 0; i < 20; i += 1) {
        await analyst.answer({ release: newRelease, text: `what changed? ${i}`, facts });
      }
      expect(asked.length).toBeGreaterThan(0);
      expect(asked.length * 1_000).toBeLessThanOrEqual(8_000);
    },
  );

  test('that speaks of other packages only is preceded by what was not compared', async () => {
    const text = JSON.stringify({
      statements: [{ text: 'The kernel moves from 6.1.1 to 6.1.2.', facts: ['P1'] }],
    });
    const { analyst } = desk({
      ask: () => ({ kind: 'said', model: 'first', text, inputTokens: 1, outputTokens: 1 }),
    });
    const facts = [
      { id: 'A1', text: 'nginx is not among the packages compared.' },
      { id: 'P1', text: 'kernel: 6.1.1 to 6.1.2 (patch) in all images.' },
    ];
    const answered = await analyst.answer({
      ...{ release: newRelease, text: 'what changed in nginx and the kernel?', facts },
    });
    expect(answered).toMatchObject({
      kind: 'said',
      statements: [{ text: 'nginx is not among the packages compared.', facts: ['A1'] }, {}],
      sources: [{ id: 'A1' }, { id: 'P1' }],
    });
  });

  test.each(['timeout', 'throttled', 'end-of-life', 'unavailable'] as const)(
    'that is silent (%s) leaves the facts',
    async (reason) => {
      const { analyse } = desk({ ask: () => ({ kind: 'silent', reason }) });
      const { analysis, unavailable } = await analyse();
      expect(unavailable).toBe(reason);
      expect(analysis.packages.length).toBeGreaterThan(0);
    },
  );
});

test('what several questions cost at the same moment is all counted', async () => {
  const { store } = memoryWorld();
  const spending = createSpending(store.memory, { budget: { timeMs: minute, tokens: 1_000 } });
  await Promise.all(
    Array.from({ length: 10 }, () =>
      spending.add(newRelease, { inputTokens: 90, outputTokens: 10, ms: 1 }),
    ),
  );
  expect(await spending.timeLeft(newRelease, { inputTokens: 1, outputTokens: 0 })).toBeUndefined();
});

test('other scripts are counted by their bytes: a model makes more tokens of them', () => {
  expect(tokensAtMost('kernel')).toBe(2);
  expect(tokensAtMost('\u6279\u51c6')).toBe(6);
});
