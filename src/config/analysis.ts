import { z } from 'zod';
import {
  addressOrOff,
  amount,
  duration,
  flag,
  listOf,
  region,
  relation,
  repository,
  section,
  text,
  wholeNumber,
} from './fields.ts';

// What is said about a release: where notes and advisories are read, and the model that explains them.

const version = 'DRAFT or the number of a version';
const versionForm = { error: () => version };
const modelForm = 'a model id or the id or ARN of an inference profile';
const model = () => text(/^\S{1,2048}$/, modelForm);

const Budget = section({
  time: duration('1s', '1h').prefault('2m').describe('Time that the models may take in all.'),
  tokens: wholeNumber(1_000, 10_000_000).prefault(200_000).describe('Tokens, read and written.'),
  usd: amount(0.001, 1_000).optional().describe('Money in US dollars; needs price.'),
}).describe('What one release may cost, its summary and all questions about it together.');

const Price = section({
  input: amount(0, 1_000).describe('US dollars for a million tokens that are read.'),
  output: amount(0, 1_000).describe('US dollars for a million tokens that are written.'),
}).describe('What the model costs; with several models, the dearest of them.');

const Bedrock = section({
  enabled: flag().prefault(false).describe('Whether a model summarises what a release changes.'),
  region: region().optional().describe('Region of Bedrock; default: aws.region.'),
  model: model()
    .optional()
    .describe('Model id, or id or ARN of an inference profile; needed when enabled.'),
  fallback: listOf(model(), `a list of ${modelForm}, at most 5`)
    .max(5, { error: () => `a list of ${modelForm}, at most 5` })
    .prefault([])
    .describe('Models that are asked in this order when the one before does not answer.'),
  guardrail: section({
    id: text(/^\S{1,2048}$/, 'the id or ARN of a guardrail').describe('Id or ARN.'),
    version: z
      .union([z.int(versionForm).min(1, versionForm), text(/^(DRAFT|[1-9]\d{0,7})$/, version)], {
        error: () => version,
      })
      .transform(String)
      .describe('Its version: DRAFT or a number.'),
  })
    .optional()
    .describe('Guardrail that screens what the model reads and writes.'),
  timeout: duration('1s', '5m').prefault('20s').describe('Time limit of one summary.'),
  maxTokens: wholeNumber(64, 64_000).prefault(1024).describe('Longest summary, in tokens.'),
  budget: Budget.prefault({}),
  price: Price.optional(),
}).check(
  relation<{ enabled?: unknown; model?: unknown }>(
    ({ enabled, model: first }) => enabled !== true || first !== undefined,
    ['model'],
    'is missing: with enabled: true it must be a model id or the id or ARN of an inference profile.',
  ),
  relation<{ budget?: { usd?: unknown }; price?: unknown }>(
    ({ budget, price }) => budget?.usd === undefined || price !== undefined,
    ['price'],
    'is missing: with budget.usd it must say what a million tokens cost.',
  ),
);

const Advisories = section({
  amazonLinux: addressOrOff()
    .prefault('https://cdn.amazonlinux.com/al2023/core/mirrors/latest/x86_64/mirror.list')
    .describe('Mirror list of the repository of Amazon Linux 2023, or off.'),
  bottlerocket: addressOrOff()
    .prefault('https://advisories.bottlerocket.aws/updateinfo.xml.gz')
    .describe("Bottlerocket's published advisories, or off."),
  exploited: addressOrOff()
    .prefault('off')
    .describe("CISA's catalogue of known exploited vulnerabilities as JSON, or off."),
  every: duration('10m', '1d').prefault('6h').describe('How often they are asked for news.'),
}).describe('Where security advisories are read.');

const changelog = (kit: string) =>
  `https://raw.githubusercontent.com/bottlerocket-os/${kit}/develop/CHANGELOG.md`;

const KitNotes = section({
  core: addressOrOff()
    .prefault(changelog('bottlerocket-core-kit'))
    .describe('CHANGELOG.md of the core kit (containerd, runc, kubelet …), or off.'),
  kernel: addressOrOff()
    .prefault(changelog('bottlerocket-kernel-kit'))
    .describe('CHANGELOG.md of the kernel kit (kernel, drivers), or off.'),
  every: duration('10m', '1d').prefault('6h').describe('How often they are asked for news.'),
}).describe("Where the notes of Bottlerocket's kits are read; its packages come in them.");

export const Analysis = section({
  notes: repository()
    .prefault('awslabs/amazon-eks-ami')
    .describe('Public repository whose GitHub releases hold the notes of Amazon Linux images.'),
  bottlerocketNotes: repository()
    .prefault('bottlerocket-os/bottlerocket')
    .describe("Public repository whose GitHub releases hold Bottlerocket's notes."),
  kitNotes: KitNotes.prefault({}),
  advisories: Advisories.prefault({}),
  bedrock: Bedrock.prefault({}).describe('The summary by a model of Amazon Bedrock.'),
}).describe('What is said about a release.');
