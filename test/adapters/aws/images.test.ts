import { expect, test } from 'vitest';
import { createImages } from '../../../src/adapters/aws/images.ts';
import type { ImageSlot } from '../../../src/images/types.ts';
import { madeUpImageId } from '../../../src/sandbox/aws/publication.ts';
import { ReleaseId } from '../../../src/shared/ids.ts';
import { hour, second } from '../../../src/shared/time.ts';
import { folder, july, noon, startForTest } from '../../sandbox/aws/start-for-test.ts';

const slot = (part: Partial<ImageSlot> = {}): ImageSlot => ({
  family: 'al2023',
  region: 'eu-west-1',
  kubernetes: '1.35',
  architecture: 'x86_64',
  variant: 'standard',
  ...part,
});
const released = ReleaseId.parse('al2023@v20260714');

async function start() {
  const started = await startForTest();
  const { endpoint, credentials } = started.aws;
  const warnings: Readonly<Record<string, unknown>>[] = [];
  const log = { warn: (fields: Readonly<Record<string, unknown>>) => void warnings.push(fields) };
  const connection = { endpoint, credentials, clock: started.clock, timeoutMs: 5 * second };
  return { ...started, warnings, images: createImages(connection, log) };
}

test('what is recommended is read whole from the JSON parent', async () => {
  const { aws, images } = await start();
  aws.publish(july);
  const name = 'amazon-eks-node-al2023-arm64-nvidia-1.35-v20260714';
  const wanted = slot({ architecture: 'arm64', variant: 'nvidia' });
  expect(await images.recommended([wanted, slot({ region: 'us-east-1' })])).toEqual([
    {
      ...wanted,
      release: released,
      imageId: madeUpImageId('eu-west-1', name),
      name,
      releaseVersion: '1.35.6-20260714',
    },
  ]);
});

test('a look in the middle of a publication sees one release whole', async () => {
  const { aws, images } = await start();
  aws.publish({ ...july, release: 'v20260707', at: noon - hour });
  aws.publish(july); // the leaves of recommended follow within two seconds
  const [image] = await images.recommended([slot()]);
  expect(image).toMatchObject({
    release: released,
    imageId: madeUpImageId('eu-west-1', 'amazon-eks-node-al2023-x86_64-standard-1.35-v20260714'),
    releaseVersion: '1.35.6-20260714',
  });
});

test('a Bottlerocket id is of the very version that was read, also in the middle of a publication', async () => {
  const { aws, clock, images } = await start();
  const publication = { ...july, family: 'bottlerocket', variants: ['standard', 'fips'] } as const;
  aws.publish({ ...publication, release: '1.61.0', at: noon - hour });
  aws.publish({ ...publication, release: '1.62.1' });
  const wanted = slot({ family: 'bottlerocket', variant: 'fips' });
  // the id of latest has moved, its version follows a moment later
  const [torn] = await images.recommended([wanted]);
  expect(torn?.release).toBe('bottlerocket@1.61.0');
  expect(torn?.name).toMatch(/^bottlerocket-aws-k8s-1\.35-fips-x86_64-v1\.61\.0-[0-9a-f]{8}$/);
  expect(torn?.imageId).toBe(madeUpImageId('eu-west-1', torn?.name ?? ''));
  clock.advance(second);
  const [image] = await images.recommended([wanted]);
  expect(image).toMatchObject({ release: 'bottlerocket@1.62.1' });
  expect(image?.imageId).toBe(madeUpImageId('eu-west-1', image?.name ?? ''));
  expect(await images.ofRelease(ReleaseId.parse('bottlerocket@1.62.1'), [wanted])).toEqual([image]);
});

test.each([
  ['version first', '1.61.0-0123abcd', 'ami-0b22d1ef6b2f62002'],
  ['id first', '1.62.1-5f13b929', 'ami-0b22d1ef6b2f62001'],
])(
  'leaves of two Bottlerocket releases are noticed and read again: %s',
  async (_way, full, old) => {
    const { aws, clock, images } = await start();
    const own = '/aws/service/bottlerocket/aws-k8s-1.35/x86_64';
    const put = (name: string, value: string) =>
      aws.putParameter('eu-west-1', `${own}/${name}`, value);
    put(`${full}/image_id`, 'ami-0b22d1ef6b2f62003');
    const [first, then] = old.endsWith('2') ? ['version', 'id'] : ['id', 'version'];
    const leaves = { version: full, id: old };
    put(`latest/image_${first}`, leaves[first as 'id']);
    clock.advance(hour);
    put(`latest/image_${then}`, leaves[then as 'id']);
    expect(await images.recommended([slot({ family: 'bottlerocket' })])).toMatchObject([
      { imageId: 'ami-0b22d1ef6b2f62003', releaseVersion: full },
    ]);
    expect(aws.requestCount('SSM GetParameters')).toBe(2);
  },
);

test('Bottlerocket leaves that were written together take no second look', async () => {
  const { aws, clock, images } = await start();
  const variants = ['standard', 'nvidia', 'fips'] as const;
  aws.publish({ ...july, family: 'bottlerocket', variants, release: '1.62.1' });
  clock.advance(second);
  const slots = variants.map((variant) => slot({ family: 'bottlerocket', variant }));
  const found = await images.recommended(slots);
  expect(found.map(({ name }) => name.replace(/-v.*/, ''))).toEqual([
    'bottlerocket-aws-k8s-1.35-x86_64',
    'bottlerocket-aws-k8s-1.35-nvidia-x86_64',
    'bottlerocket-aws-k8s-1.35-fips-x86_64',
  ]);
  expect(found.every(({ imageId, name }) => imageId === madeUpImageId('eu-west-1', name))).toBe(
    true,
  );
  expect(aws.requestCount('SSM GetParameters')).toBe(1);
});

test('a Windows image is known by its EC2 name', async () => {
  const { aws, images } = await start();
  aws.publish({ ...july, family: 'windows2022', release: '2026.07.14' });
  const [image] = await images.recommended([slot({ family: 'windows2022' })]);
  expect(image).toMatchObject({
    release: 'windows2022@2026.07.14',
    name: 'Windows_Server-2022-English-Core-EKS_Optimized-1.35-2026.07.14',
  });
});

test('a release is found where it is published, and absent where it is not', async () => {
  const { aws, images } = await start();
  aws.publish({ ...july, variants: ['standard'], recommend: false });
  const slots = [
    slot(),
    slot({ architecture: 'arm64' }),
    slot({ variant: 'nvidia' }),
    slot({ kubernetes: '1.34' }),
    slot({ region: 'us-east-1' }),
    slot({ family: 'bottlerocket' }),
  ];
  const found = await images.ofRelease(released, slots);
  expect(found.map(({ architecture }) => architecture)).toEqual(['x86_64', 'arm64']);
  expect(await images.recommended(slots)).toEqual([]);
});

test('a release with leaves but without a JSON parent is found by its leaf', async () => {
  const { aws, images } = await start();
  const name = 'amazon-eks-node-al2023-x86_64-standard-1.35-v20260714';
  aws.putParameter('eu-west-1', `${folder}/${name}/image_id`, 'ami-0b22d1ef6b2f62001');
  expect(await images.ofRelease(released, [slot()])).toEqual([
    { ...slot(), release: released, imageId: 'ami-0b22d1ef6b2f62001', name },
  ]);
});

test.each([
  ['text', 'soon'],
  [
    'the image of another slot',
    '{"image_id":"ami-0b22d1ef6b2f62001","image_name":"x","release_version":"1"}',
  ],
])(
  '%s instead of a value is told and absent, and the other slots unharmed',
  async (_what, value) => {
    const { aws, images, warnings } = await start();
    aws.publish({ ...july, architectures: ['arm64'] });
    aws.putParameter('eu-west-1', `${folder}/recommended`, value);
    const found = await images.recommended([slot(), slot({ architecture: 'arm64' })]);
    expect(found.map(({ architecture }) => architecture)).toEqual(['arm64']);
    expect(warnings).toEqual([
      { region: 'eu-west-1', parameter: `${folder}/recommended`, problem: expect.any(String) },
    ]);
  },
);

test.each([1, 10, 11, 25])(
  '%i slots take as many requests as tens of them, in each region',
  async (count) => {
    const { aws, images } = await start();
    const minors = Array.from({ length: count }, (_, i) => `1.${i + 20}`);
    const slots = ['eu-west-1', 'us-east-1'].flatMap((region) =>
      minors.map((kubernetes) => slot({ region, kubernetes })),
    );
    aws.publish({ ...july, minors, regions: ['eu-west-1', 'us-east-1'] });
    // whoever asks, asks for every pin: the same slots again cost nothing
    expect(await images.recommended([...slots, ...slots])).toHaveLength(2 * count);
    for (const region of ['eu-west-1', 'us-east-1'])
      expect(aws.requestCount('SSM GetParameters', region)).toBe(Math.ceil(count / 10));
    expect(aws.requestCount()).toBe(2 * Math.ceil(count / 10));
  },
);

test('slots that share a parameter share its reading', async () => {
  const { aws, images } = await start();
  aws.publish({ ...july, family: 'al2', release: 'v20251120', minors: ['1.30'] });
  const gpu = slot({ family: 'al2', kubernetes: '1.30', variant: 'nvidia' });
  const found = await images.recommended([gpu, { ...gpu, variant: 'neuron' }]);
  expect(found.map(({ variant, name }) => [variant, name])).toEqual([
    ['nvidia', 'amazon-eks-gpu-node-1.30-v20251120'],
    ['neuron', 'amazon-eks-gpu-node-1.30-v20251120'],
  ]);
});

test('slots that nobody builds cost no request', async () => {
  const { aws, images } = await start();
  const never = [slot({ architecture: 'arm64', variant: 'neuron' }), slot({ family: 'custom' })];
  expect(await images.recommended(never)).toEqual([]);
  expect(aws.requestCount()).toBe(0);
});

test('throttling is waited out', async () => {
  const { aws, clock, faults, images } = await start();
  aws.publish(july);
  faults.order({ service: 'aws', kind: 'rate-limited', match: 'SSM', times: 2 });
  expect(await images.recommended([slot()])).toHaveLength(1);
  expect(clock.now()).toBe(noon + 1.5 * second);
});

test('throttling that does not end is an AwsError that may be tried again', async () => {
  const { aws, faults, images } = await start();
  faults.order({ service: 'aws', kind: 'rate-limited', match: 'SSM', times: 9 });
  await expect(images.recommended([slot()])).rejects.toMatchObject({
    name: 'AwsError',
    service: 'SSM',
    operation: 'GetParameters',
    code: 'ThrottlingException',
    retryable: true,
    cause: { name: 'ThrottlingException' },
  });
  expect(aws.requestCount('SSM')).toBe(4);
});

test('a region that does not answer fails the question: silence is not "not published"', async () => {
  const { aws, faults, images } = await start();
  aws.publish({ ...july, regions: ['eu-west-1', 'us-east-1'] });
  faults.order({ service: 'aws', kind: 'error-500', match: 'SSM', times: 8 });
  const slots = [slot(), slot({ region: 'us-east-1' })];
  await expect(images.recommended(slots)).rejects.toMatchObject({ retryable: true });
});

test('EC2 that fails keeps nothing else from being answered, and is told of by slot', async () => {
  const { aws, faults, images } = await start();
  aws.publish(july);
  aws.publish({ ...july, family: 'windows2022', release: '2026.07.14' });
  const windows = slot({ family: 'windows2022' });
  const order = () =>
    faults.order({ service: 'aws', kind: 'rate-limited', match: 'EC2', times: 4 });
  order();
  const silent: unknown[] = [];
  const found = await images.recommended([slot(), windows], (slots, cause) =>
    silent.push(slots, cause),
  );
  expect(found.map(({ family }) => family)).toEqual(['al2023']);
  expect(silent).toEqual([[windows], expect.objectContaining({ service: 'EC2' })]);
  order();
  await expect(images.recommended([slot(), windows])).rejects.toMatchObject({ service: 'EC2' });
});

test('a hung request ends at its time limit', async () => {
  const { aws, clock, faults } = await start();
  const { endpoint, credentials } = aws;
  const images = createImages({ endpoint, credentials, clock, timeoutMs: 40 }, { warn() {} });
  faults.order({ service: 'aws', kind: 'hang', match: 'SSM', times: 9 });
  await expect(images.recommended([slot()])).rejects.toMatchObject({
    message: 'SSM GetParameters failed: no answer in time',
    retryable: true,
  });
});

test('a refusal of credentials is final at once', async () => {
  const { aws, clock } = await start();
  const credentials = { accessKeyId: 'AKIASOMEBODYELSE', secretAccessKey: 'x' };
  const images = createImages({ endpoint: aws.endpoint, credentials, clock }, { warn() {} });
  await expect(images.recommended([slot()])).rejects.toMatchObject({
    code: 'UnrecognizedClientException',
    retryable: false,
  });
  expect(clock.now()).toBe(noon);
});

test('ids are described, deprecated and disabled ones too; unknown and malformed ones are absent', async () => {
  const { aws, images } = await start();
  const made = aws.publish(july).map(({ imageId }) => imageId);
  aws.deprecate({ nameEndsWith: '-v20260714', at: noon });
  aws.setImageState('eu-west-1', made[1] ?? '', 'disabled');
  const found = await images.describe('eu-west-1', [
    ...made.slice(0, 2),
    'ami-0deadbeef00000000',
    'ami-*',
    '*',
  ]);
  expect(found.map(({ imageId }) => imageId).sort()).toEqual(made.slice(0, 2).sort());
  expect(found.find(({ imageId }) => imageId === made[0])).toEqual({
    imageId: made[0],
    name: 'amazon-eks-node-al2023-x86_64-standard-1.35-v20260714',
    architecture: 'x86_64',
    state: 'available',
    ownerAlias: 'amazon',
    ownerId: '602401143452',
    createdAt: '2026-07-14T12:00:00.000Z',
    deprecatedAt: '2026-07-15T12:00:00.000Z',
    tags: {},
  });
  expect(found.find(({ imageId }) => imageId === made[1])?.state).toBe('disabled');
});

test('many ids are asked for a hundred at a time, and none at no cost', async () => {
  const { aws, images } = await start();
  const ids = Array.from({ length: 201 }, (_, i) => `ami-${String(i).padStart(17, '0')}`);
  expect(await images.describe('eu-west-1', ids)).toEqual([]);
  expect(aws.requestCount('EC2 DescribeImages')).toBe(3);
  await images.describe('eu-west-1', []);
  expect(aws.requestCount()).toBe(3);
});

test('an Ubuntu image is found by product, series and serial, and known by its EC2 name', async () => {
  const { aws, images } = await start();
  const wanted = slot({ family: 'ubuntu', line: 'eks/24.04' });
  for (const [serial, imageId] of [
    ['20260701', 'ami-0b22d1ef6b2f62001'],
    ['20260711', 'ami-0b22d1ef6b2f62002'],
  ] as const) {
    aws.putImage('eu-west-1', {
      imageId,
      name: `ubuntu-eks/k8s_1.35/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-${serial}`,
      architecture: 'x86_64',
      ownerId: '099720109477',
      isPublic: true,
      state: 'available',
      createdAt: noon - hour,
      tags: {},
    });
    const folderOf = (version: string) =>
      `/aws/service/canonical/ubuntu/eks/24.04/1.35/stable/${version}/amd64/hvm/ebs-gp3/ami-id`;
    aws.putParameter('eu-west-1', folderOf(serial), imageId);
    aws.putParameter('eu-west-1', folderOf('current'), imageId);
  }
  expect(await images.recommended([wanted])).toMatchObject([{ release: 'ubuntu@24.04.20260711' }]);
  expect(await images.ofRelease(ReleaseId.parse('ubuntu@24.04.20260701'), [wanted])).toMatchObject([
    { imageId: 'ami-0b22d1ef6b2f62001' },
  ]);
  expect(await images.recommended([slot({ family: 'ubuntu', line: 'eks/22.04' })])).toEqual([]);
});

test('a custom image is the newest of its line that is fit, tagged and its owner’s', async () => {
  const started = await start();
  const { aws, clock } = started;
  const line = {
    name: 'acme',
    owner: aws.account,
    image: 'acme-eks-{architecture}-{kubernetes}-{version}',
    tags: { status: 'active' },
    variant: 'standard',
  } as const;
  let count = 0;
  const put = (version: string, part: Partial<Parameters<typeof aws.putImage>[1]> = {}) => {
    count += 1;
    const imageId = `ami-0b22d1ef6b2f620${count + 10}`;
    aws.putImage('eu-west-1', {
      imageId,
      name: `acme-eks-x86_64-1.35-${version}`,
      architecture: 'x86_64',
      ownerId: aws.account,
      isPublic: false,
      state: 'available',
      createdAt: noon - hour,
      tags: { status: 'active' },
      ...part,
    });
    return imageId;
  };
  const june = put('20260601');
  // an older version that was copied later
  const july = put('20260701', { createdAt: noon - 2 * hour });
  put('20260708', { tags: { status: 'testing' } });
  put('20260709', { state: 'disabled' });
  put('20260710', { deprecatedAt: noon - second });
  put('20260711', { ownerId: '999988887777', isPublic: true });
  put('20260712', { createdAt: noon + hour });
  const { endpoint, credentials } = aws;
  const images = createImages({ endpoint, credentials, clock }, { warn() {} }, [line]);
  const wanted = slot({ family: 'custom', line: 'acme' });
  expect(await images.recommended([wanted])).toEqual([
    { ...wanted, release: 'acme@20260701', imageId: july, name: 'acme-eks-x86_64-1.35-20260701' },
  ]);
  expect(
    await images.ofRelease(ReleaseId.parse('acme@20260601'), [
      wanted,
      slot({ ...wanted, kubernetes: '1.34' }),
    ]),
  ).toMatchObject([{ imageId: june }]);
  expect(await images.recommended([slot({ ...wanted, architecture: 'arm64' })])).toEqual([]);
});

test('questions asked at the same time share their requests', async () => {
  const { aws, images } = await start();
  const minors = Array.from({ length: 15 }, (_, i) => `1.${i + 20}`);
  aws.publish({ ...july, minors, release: 'v20260707', at: noon - hour });
  aws.publish({ ...july, minors });
  const slots = minors.map((kubernetes) => slot({ kubernetes }));
  const [now, before] = await Promise.all([
    images.recommended(slots),
    images.ofRelease(ReleaseId.parse('al2023@v20260707'), slots),
  ]);
  expect([now.length, before.length]).toEqual([15, 15]);
  expect(now.every(({ release }) => release === released)).toBe(true);
  expect(before.every(({ release }) => release === 'al2023@v20260707')).toBe(true);
  expect(aws.requestCount('SSM GetParameters', 'eu-west-1')).toBe(3);
});
