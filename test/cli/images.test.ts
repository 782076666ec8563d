import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '../../src/shared/time.ts';
import { amiable } from './captured.ts';
import { startDemoDeployment } from './demo-deployment.ts';
import { removeFoldersAfterAll } from './temporary-folder.ts';

removeFoldersAfterAll();

let demo: Awaited<ReturnType<typeof startDemoDeployment>>;
let config: string;
beforeAll(async () => {
  demo = await startDemoDeployment();
  config = demo.config();
  demo.standIns.aws.publish({
    family: 'bottlerocket',
    release: '1.62.1',
    minors: ['1.35'],
    architectures: ['x86_64', 'arm64'],
    variants: ['standard', 'nvidia', 'fips'],
    regions: ['eu-west-1'],
    // the parameters of a publication move one after another: this one is over
    at: Date.now() - day,
  });
});
afterAll(() => demo.close());

const here = ['--region', 'eu-west-1', '--kubernetes', '1.35'];
const ask = (...argv: string[]) => demo.run(['images', ...argv, '--config', config]);

type Row = { imageId: string; release: string; architecture: string; variant: string };

test('latest lists every image AWS recommends, in JSON with all that is known', async () => {
  const { code, out, err } = await ask('latest', ...here, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const rows = JSON.parse(out) as Row[];
  expect(rows.map(({ architecture, variant }) => `${architecture} ${variant}`).sort()).toEqual([
    'arm64 nvidia',
    'arm64 standard',
    'x86_64 neuron',
    'x86_64 nvidia',
    'x86_64 standard',
  ]);
  expect(
    rows.find(({ architecture, variant }) => `${architecture} ${variant}` === 'x86_64 standard'),
  ).toEqual({
    family: 'al2023',
    region: 'eu-west-1',
    kubernetes: '1.35',
    architecture: 'x86_64',
    variant: 'standard',
    release: 'al2023@v20261118',
    imageId: expect.stringMatching(/^ami-[0-9a-f]{17}$/) as string,
    name: 'amazon-eks-node-al2023-x86_64-standard-1.35-v20261118',
    releaseVersion: expect.stringMatching(/^1\.35\.\d+-20261118$/) as string,
  });
});

test('latest of Bottlerocket has its own variants', async () => {
  const { out } = await ask('latest', ...here, '--family', 'bottlerocket', '--json');
  const rows = JSON.parse(out) as Row[];
  expect(rows).toHaveLength(6);
  expect(new Set(rows.map(({ release }) => release))).toEqual(new Set(['bottlerocket@1.62.1']));
});

test('resolving an older release finds its images, however it is spelled', async () => {
  const spelled = await ask('resolve', 'al2023@v20261021', ...here, '--json');
  const short = await ask('resolve', 'v20261021', ...here, '--json');
  expect(spelled.code).toBe(0);
  expect(short.out).toBe(spelled.out);
  const rows = JSON.parse(spelled.out) as Row[];
  expect(rows).toHaveLength(5);
  expect(rows.every(({ release }) => release === 'al2023@v20261021')).toBe(true);
  const bottlerocket = await ask('resolve', 'bottlerocket@v1.62.1', ...here, '--json');
  expect(JSON.parse(bottlerocket.out)).toHaveLength(6);
});

test('resolving an AMI id gives the release it belongs to, its state and its owner', async () => {
  const [image] = JSON.parse((await ask('resolve', 'v20261103', ...here, '--json')).out) as Row[];
  const id = image?.imageId ?? '';
  const { code, out } = await ask('resolve', id, ...here, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual([
    expect.objectContaining({
      imageId: id,
      release: 'al2023@v20261103',
      kubernetes: '1.35',
      state: 'available',
      owner: 'amazon',
    }),
  ]);
  const line = await ask('resolve', id, '--region', 'eu-west-1');
  expect(line.out).toMatch(new RegExp(`^${id} {2}al2023@v20261103 .* available, owned by amazon$`));
});

test.for([
  [['resolve', 'v20990101', ...here], 'There is no such image in eu-west-1.'],
  [['resolve', 'ami-0123456789abcdef0', ...here], 'There is no such image in eu-west-1.'],
  [['latest', '--region', 'eu-west-1', '--kubernetes', '1.30'], 'There is no such image'],
] as const)('%j finds nothing: it exits 1, and JSON is empty', async ([argv, words]) => {
  const { code, out, err } = await ask(...argv, '--json');
  expect({ code, out }).toEqual({ code: 1, out: '[]' });
  expect(err).toContain(words);
});

test('an id of another Kubernetes minor is refused, naming both', async () => {
  const [image] = JSON.parse((await ask('resolve', 'v20261103', ...here, '--json')).out) as Row[];
  const { code, err } = await ask(
    ...['resolve', image?.imageId ?? '', '--region', 'eu-west-1', '--kubernetes', '1.34'],
  );
  expect(code).toBe(1);
  expect(err).toContain('for Kubernetes 1.35 and not 1.34');
});

test.for([
  [['latest']],
  [['latest', '--region', 'eu-west-1']],
  [['latest', '--kubernetes', '1.35']],
  [['latest', '--region', 'eu-west-1', '--kubernetes', '1.3']],
  [['latest', ...here, '--family', 'gentoo']],
  [['resolve', ...here]],
  [['resolve', 'yesterday', ...here]],
  [['resolve', 'ami-zzz', ...here]],
  [['newest', ...here]],
])('%j exits 2 before AWS is asked', async ([argv]) => {
  expect((await amiable(['images', ...(argv ?? [])])).code).toBe(2);
});

test('what AWS refuses is told in words and not as a stack', async () => {
  const { code, err } = await demo.run(['images', 'latest', ...here, '--config', config], {
    AWS_KEY_ID: 'AKIAUNKNOWNUNKNOWNUN',
  });
  expect(code).toBe(1);
  expect(err).toMatch(/^SSM GetParameters failed: /);
  expect(err).not.toMatch(/^\s+at /m);
});

test('a region that is none is named, not asked for', async () => {
  const at = ['--kubernetes', '1.35'];
  expect(await amiable(['images', 'latest', ...at])).toMatchObject({
    code: 2,
    err: '--region R is needed, such as eu-west-1.',
  });
  expect(await amiable(['images', 'latest', '--region', 'nowhere', ...at])).toMatchObject({
    code: 2,
    err: '--region is a region of AWS such as eu-west-1, not nowhere.',
  });
});
