import { expect, test } from 'vitest';
import { detectionMessage } from '../../blocks/detection.ts';
import type { CustomLine } from '../../src/images/custom-line.ts';
import type { ImageSlot } from '../../src/images/types.ts';
import { ReleaseId } from '../../src/shared/ids.ts';
import { detect } from '../../src/workflow/detect.ts';
import { explainPins } from '../../src/workflow/explain-pins.ts';
import { placedPins } from '../../src/workflow/placed-pins.ts';
import { planChange } from '../../src/workflow/plan-change.ts';
import { memoryImages } from '../fakes/memory-images.ts';
import { memoryWorld } from '../fakes/memory-world.ts';

const all = ['al2023', 'bottlerocket', 'windows2022', 'ubuntu', 'custom'] as const;
const acme: CustomLine = {
  name: 'acme',
  owner: '111122223333',
  image: 'acme-eks-{architecture}-{kubernetes}-{version}',
  tags: {},
  variant: 'standard',
};
const path = 'clusters/staging/stg/karpenter/nodeclass.yaml';
const id = (release: string) => ReleaseId.parse(release);
const slot = (part: Partial<ImageSlot> = {}): ImageSlot => ({
  family: 'bottlerocket',
  region: 'eu-west-1',
  kubernetes: '1.35',
  architecture: 'x86_64',
  variant: 'standard',
  ...part,
});

function nodeClass(...terms: string[]): string {
  return terms
    .map(
      (term, i) =>
        `apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata:\n  name: c${i}\nspec:\n  amiSelectorTerms:\n    - ${term}\n`,
    )
    .join('---\n');
}

/** Only the staging cluster has pins here. */
function worldOf(text: string, images: ReturnType<typeof memoryImages>, file = path) {
  const { world, git } = memoryWorld({
    images: images.images,
    files: {
      'clusters/production/prod-a/karpenter/nodeclass.yaml': '',
      'clusters/production/prod-b/karpenter/nodeclass.yaml': '',
      [path]: '',
      [file]: text,
    },
    fleet: { families: all, customLines: [acme] },
  });
  return { world, git };
}

async function editsOf(
  { world }: ReturnType<typeof worldOf>,
  release: string,
): Promise<readonly (readonly [from: string, to: string])[]> {
  const plan = await planChange(world, {
    watched: await world.pins.read(),
    environment: 'staging',
    release: id(release),
  });
  if (plan.kind !== 'change') throw new Error(JSON.stringify(plan));
  return plan.change.pins.map(({ from, to }) => [from, to] as const);
}

test('a Bottlerocket alias is offered the next version, spelled as it was', async () => {
  const images = memoryImages();
  for (const version of ['1.50.0', '1.51.0']) {
    for (const variant of ['standard', 'nvidia'] as const) {
      for (const architecture of ['x86_64', 'arm64'] as const) {
        images.publish(slot({ variant, architecture }), id(`bottlerocket@${version}`));
      }
    }
  }
  const here = worldOf(
    nodeClass('alias: bottlerocket@v1.50.0', 'alias: bottlerocket@1.50.0'),
    images,
  );
  expect(await detect(here.world)).toMatchObject({
    trains: [{ train: 'bottlerocket', offer: { release: 'bottlerocket@1.51.0' }, opened: true }],
    problems: [],
  });
  expect(await editsOf(here, 'bottlerocket@1.51.0')).toEqual([
    ['bottlerocket@v1.50.0', 'bottlerocket@v1.51.0'],
    ['bottlerocket@1.50.0', 'bottlerocket@1.51.0'],
  ]);
});

test.for(['standard', 'nvidia', 'fips', 'nvidia-fips'] as const)(
  'a Bottlerocket id stays on its variant: %s',
  async (variant) => {
    const images = memoryImages();
    const others = (['standard', 'nvidia', 'fips', 'nvidia-fips'] as const).flatMap((one) =>
      (['x86_64', 'arm64'] as const).map((architecture) => slot({ variant: one, architecture })),
    );
    const mine = slot({ variant, architecture: 'arm64' });
    const before = images.publish(mine, id('bottlerocket@1.53.0'));
    for (const one of others) images.publish(one, id('bottlerocket@1.54.0'));
    const after = images.publish(mine, id('bottlerocket@1.54.0'));
    const here = worldOf(nodeClass(`id: ${before}`), images);
    expect((await detect(here.world)).trains).toMatchObject([{ opened: true, behind: 1 }]);
    expect(await editsOf(here, 'bottlerocket@1.54.0')).toEqual([[before, after]]);
  },
);

test('two families are two rollouts, and neither waits for the other or closes it', async () => {
  const images = memoryImages();
  const eks = slot({ family: 'al2023' });
  for (const version of ['v20261021', 'v20261118']) images.publish(eks, id(`al2023@${version}`));
  for (const version of ['1.50.0', '1.51.0']) images.publish(slot(), id(`bottlerocket@${version}`));
  const { world } = worldOf(
    nodeClass('alias: al2023@v20261021', 'alias: bottlerocket@v1.50.0'),
    images,
  );
  const first = await detect(world);
  expect(first.trains.map(({ train, opened }) => [train, opened])).toEqual([
    ['al2023', true],
    ['bottlerocket', true],
  ]);
  const again = await detect(world);
  expect(again.trains.map(({ opened, rollout }) => [opened, rollout])).toEqual(
    first.trains.map(({ rollout }) => [false, rollout]),
  );
  const [a, b] = await Promise.all(
    first.trains.map(({ rollout }) =>
      world.journal.known(rollout ?? (first.trains[0]?.rollout as never)),
    ),
  );
  expect([a?.rollout?.outcome, b?.rollout?.outcome]).toEqual([undefined, undefined]);
});

test('Windows and Ubuntu move by id, each along its own edition and series', async () => {
  const images = memoryImages();
  const full = slot({ family: 'windows2022', line: 'Full' });
  const core = slot({ family: 'windows2022' });
  const noble = slot({ family: 'ubuntu', line: 'eks/24.04' });
  const jammy = slot({ family: 'ubuntu', line: 'eks/22.04' });
  const name = (edition: string, day: string) =>
    `Windows_Server-2022-English-${edition}-EKS_Optimized-1.35-${day}`;
  const ubuntu = (word: string, series: string, serial: string) =>
    `ubuntu-eks/k8s_1.35/images/hvm-ssd-gp3/ubuntu-${word}-${series}-amd64-server-${serial}`;
  const old = {
    full: images.publish(full, id('windows2022@2026.10.20'), { name: name('Full', '2026.10.20') }),
    jammy: images.publish(jammy, id('ubuntu@22.04.20261001'), {
      name: ubuntu('jammy', '22.04', '20261001'),
    }),
  };
  images.publish(core, id('windows2022@2026.11.17'), { name: name('Core', '2026.11.17') });
  const newFull = images.publish(full, id('windows2022@2026.11.17'), {
    name: name('Full', '2026.11.17'),
  });
  images.publish(noble, id('ubuntu@24.04.20261101'), {
    name: ubuntu('noble', '24.04', '20261101'),
  });
  const newJammy = images.publish(jammy, id('ubuntu@22.04.20261101'), {
    name: ubuntu('jammy', '22.04', '20261101'),
  });
  const here = worldOf(nodeClass(`id: ${old.full}`, `id: ${old.jammy}`), images);
  const found = await detect(here.world);
  expect(found.trains.map(({ train, opened }) => [train, opened])).toEqual([
    ['ubuntu@22.04', true],
    ['windows2022', true],
  ]);
  expect(await editsOf(here, 'windows2022@2026.11.17')).toEqual([[old.full, newFull]]);
  expect(await editsOf(here, 'ubuntu@22.04.20261101')).toEqual([[old.jammy, newJammy]]);
});

test('where EC2 fails for some images, the others are offered, and these are not checked rather than current', async () => {
  const images = memoryImages();
  const eks = slot({ family: 'al2023' });
  for (const version of ['v20261021', 'v20261118']) images.publish(eks, id(`al2023@${version}`));
  const windows = slot({ family: 'windows2022' });
  const name = 'Windows_Server-2022-English-Core-EKS_Optimized-1.35-2026.10.20';
  const old = images.publish(windows, id('windows2022@2026.10.20'), { name });
  const line = slot({ family: 'custom', line: 'acme' });
  const own = images.publish(line, id('acme@20261101.0412'), {
    name: 'acme-eks-x86_64-1.35-20261101-0412',
  });
  images.describeAs('eu-west-1', own, { ownerId: acme.owner });
  images.silentFamilies.add('windows2022').add('custom');
  const { world } = worldOf(
    nodeClass('alias: al2023@v20261021', `id: ${old}`, `id: ${own}`),
    images,
  );
  const found = await detect(world);
  const silent = {
    offer: { kind: 'none', reason: 'not-checked' },
    opened: false,
    waits: 'EC2 DescribeImages failed: RequestLimitExceeded',
  };
  expect(found.trains).toMatchObject([
    { train: 'acme', ...silent },
    { train: 'al2023', opened: true, offer: { release: 'al2023@v20261118' } },
    { train: 'windows2022', ...silent },
  ]);
  const watched = await world.pins.read();
  const verdicts = explainPins(world.fleet, watched, await placedPins(world, watched), found);
  expect(verdicts.map(({ verdict }) => verdict)).toEqual(['behind', 'waits', 'waits']);
  expect(verdicts[1]?.reason).toBe('not checked: EC2 DescribeImages failed: RequestLimitExceeded');
  expect(JSON.stringify(detectionMessage(found))).toContain(
    'windows2022: not checked: EC2 DescribeImages failed',
  );
  images.silentFamilies.clear();
  const again = await detect(world);
  expect(again.trains.map(({ offer }) => offer.kind === 'none' && offer.reason)).toEqual([
    'up-to-date',
    false,
    'up-to-date',
  ]);
});

test('an image of one’s own moves along its line, and only the configured owner’s', async () => {
  const images = memoryImages();
  const line = slot({ family: 'custom', line: 'acme' });
  const named = (version: string) => ({ name: `acme-eks-x86_64-1.35-${version}` });
  const before = images.publish(line, id('acme@20261101.0412'), named('20261101-0412'));
  const after = images.publish(line, id('acme@20261116.0409'), named('20261116-0409'));
  for (const imageId of [before, after])
    images.describeAs('eu-west-1', imageId, { ownerId: acme.owner });
  const stolen = 'ami-0badbadbadbadbad0';
  images.describeAs('eu-west-1', stolen, { ...named('20261101-0412'), ownerId: '999988887777' });
  const here = worldOf(nodeClass(`id: ${before}`, `id: ${stolen}`), images);
  const found = await detect(here.world);
  expect(found.trains).toMatchObject([
    { train: 'acme', family: 'custom', offer: { release: 'acme@20261116.0409' }, behind: 1 },
  ]);
  expect(found.problems).toMatchObject([
    { line: 15, reason: expect.stringContaining('999988887777') },
  ]);
  expect(await editsOf(here, 'acme@20261116.0409')).toEqual([[before, after]]);
});

test('an image that only looks like Amazon’s is named with its owner and left alone', async () => {
  const images = memoryImages();
  images.publish(slot({ family: 'al2023' }), id('al2023@v20261118'));
  const lookalike = 'ami-0badbadbadbadbad0';
  images.describeAs('eu-west-1', lookalike, {
    name: 'amazon-eks-node-al2023-x86_64-standard-1.35-v20261021',
    ownerId: '999988887777',
  });
  const { world } = worldOf(nodeClass(`id: ${lookalike}`), images);
  const found = await detect(world);
  expect(found.trains).toEqual([]);
  expect(found.problems).toMatchObject([
    { path, line: 7, reason: expect.stringMatching(/its owner is 999988887777$/) },
  ]);
});

test('what the pin’s comment says of an id must be what EC2 says', async () => {
  const images = memoryImages();
  const old = images.publish(slot({ family: 'al2023' }), id('al2023@v20261021'));
  images.publish(slot({ family: 'al2023' }), id('al2023@v20261118'));
  const says = (arch: string) => `id: ${old} # amiable: family=al2023 arch=${arch}`;
  const right = await detect(worldOf(nodeClass(says('amd64')), images).world);
  expect(right).toMatchObject({ opened: true, problems: [] });
  const wrong = await detect(worldOf(nodeClass(says('arm64')), images).world);
  expect(wrong.trains).toEqual([]);
  expect(wrong.problems).toMatchObject([
    { reason: expect.stringContaining('its comment says arm64, but the image is x86_64') },
  ]);
});

test('a version that stands alone moves where a comment says its family', async () => {
  const images = memoryImages();
  for (const version of ['v20261021', 'v20261118'])
    images.publish(slot({ family: 'al2023' }), id(`al2023@${version}`));
  const here = worldOf(
    'nodeImageVersion: v20261021 # amiable: family=al2023\n',
    images,
    'clusters/staging/stg/values.yaml',
  );
  expect(await detect(here.world)).toMatchObject({ opened: true, behind: 1, problems: [] });
  expect(await editsOf(here, 'al2023@v20261118')).toEqual([['v20261021', 'v20261118']]);
});

test('an exact name moves where Amazon has published it, and nowhere else', async () => {
  const images = memoryImages();
  const eks = slot({ family: 'al2023' });
  for (const version of ['v20261021', 'v20261118']) images.publish(eks, id(`al2023@${version}`));
  const name = (version: string) => `amazon-eks-node-al2023-x86_64-standard-1.35-${version}`;
  const here = worldOf(
    nodeClass(`name: ${name('v20261021')}`, `name: ${name('v20261020')}`),
    images,
  );
  const found = await detect(here.world);
  expect(found.trains).toMatchObject([{ train: 'al2023', behind: 1 }]);
  expect(found.problems).toMatchObject([
    { reason: expect.stringContaining('nothing is published under that name') },
  ]);
  expect(await editsOf(here, 'al2023@v20261118')).toEqual([[name('v20261021'), name('v20261118')]]);
});

test('a parameter that names a release moves to the next one’s, on its own variant', async () => {
  const images = memoryImages();
  const eks = slot({ family: 'al2023', architecture: 'arm64', variant: 'nvidia' });
  for (const version of ['v20261021', 'v20261118']) {
    images.publish(eks, id(`al2023@${version}`));
    images.publish(slot({ family: 'al2023' }), id(`al2023@${version}`));
  }
  for (const version of ['1.50.0', '1.51.0'])
    images.publish(slot({ variant: 'fips' }), id(`bottlerocket@${version}`));
  // An older minor than the control plane's: the next image is for the minor of today.
  const name = (version: string, minor = '1.35') =>
    `/aws/service/eks/optimized-ami/${minor}/amazon-linux-2023/arm64/nvidia/amazon-eks-node-al2023-arm64-nvidia-${minor}-${version}/image_id`;
  const fips = (version: string) =>
    `/aws/service/bottlerocket/aws-k8s-1.35-fips/x86_64/${version}/image_id`;
  const arn = (region: string) => `arn:aws:ssm:${region}::parameter`;
  const here = worldOf(
    nodeClass(
      `ssmParameter: ${name('v20261021', '1.34')}`,
      `ssmParameter: ${arn('eu-west-1')}${fips('1.50.0')}`,
      `ssmParameter: ${arn('us-east-1')}${fips('1.50.0')}`,
      'ssmParameter: /acme/images/current',
    ),
    images,
  );
  const found = await detect(here.world);
  expect(found.trains.map(({ train, behind }) => [train, behind])).toEqual([
    ['al2023', 1],
    ['bottlerocket', 1],
  ]);
  expect(found.problems.map(({ reason }) => reason)).toEqual([
    'line 31 cannot be moved: floating SSM parameter (recommended/latest)',
    expect.stringContaining('a parameter of us-east-1, and the cluster is in eu-west-1'),
  ]);
  expect(await editsOf(here, 'al2023@v20261118')).toEqual([
    [name('v20261021', '1.34'), name('v20261118')],
  ]);
  expect(await editsOf(here, 'bottlerocket@1.51.0')).toEqual([
    [`${arn('eu-west-1')}${fips('1.50.0')}`, `${arn('eu-west-1')}${fips('1.51.0')}`],
  ]);
});

test('an image whose parameter a pin names is watched as any other', async () => {
  const images = memoryImages();
  const eks = slot({ family: 'al2023' });
  const old = images.publish(eks, id('al2023@v20261021'));
  images.publish(eks, id('al2023@v20261118'));
  images.describeAs('eu-west-1', old, {
    name: 'amazon-eks-node-al2023-x86_64-standard-1.35-v20261021',
    ownerAlias: 'amazon',
    state: 'disabled',
  });
  const { world } = worldOf(
    nodeClass(
      'ssmParameter: /aws/service/eks/optimized-ami/1.35/amazon-linux-2023/x86_64/standard/amazon-eks-node-al2023-x86_64-standard-1.35-v20261021/image_id',
    ),
    images,
  );
  expect((await detect(world)).recalled).toMatchObject([
    { release: 'al2023@v20261021', because: 'disabled' },
  ]);
});

test('Amazon Linux 2 is warned about and never offered anything', async () => {
  const images = memoryImages();
  const al2 = slot({ family: 'al2', kubernetes: '1.32' });
  for (const version of ['v20250829', 'v20251209']) images.publish(al2, id(`al2@${version}`));
  const { world } = worldOf(nodeClass('alias: al2@v20250829'), images);
  const found = await detect(world);
  expect(found.trains).toEqual([]);
  expect(found.problems).toMatchObject([
    { reason: expect.stringContaining('Amazon Linux 2 gets no new node images since 2025-11-26') },
  ]);
});

test('a cluster whose minor EKS does not tell holds back its own pins alone', async () => {
  const images = memoryImages();
  for (const region of ['eu-west-1', 'us-east-1'])
    for (const version of ['v20261021', 'v20261118'])
      images.publish(slot({ family: 'al2023', region }), id(`al2023@${version}`));
  const { world } = memoryWorld({ images: images.images });
  const found = await detect({
    ...world,
    controlPlanes: {
      async minorOf({ name }) {
        if (name === 'stg') throw new Error('EKS DescribeCluster failed: AccessDenied');
        return '1.35';
      },
      isUpdating: async () => undefined,
    },
  });
  expect(found).toMatchObject({ opened: true, behind: 2 });
  expect(found.problems).toMatchObject([
    { path, reason: expect.stringContaining('the Kubernetes minor of stg is not known') },
  ]);
});
