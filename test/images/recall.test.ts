import { expect, test } from 'vitest';
import { newestCustomImage } from '../../src/images/custom-image.ts';
import { isMarkedRecalled, recallOf, troubleOf } from '../../src/images/recall.ts';
import type { Image } from '../../src/images/types.ts';
import { ReleaseId } from '../../src/shared/ids.ts';

const at = (
  version: string,
  region = 'eu-west-1',
  variant: Image['variant'] = 'standard',
): Image => ({
  family: 'al2023',
  region,
  kubernetes: '1.35',
  architecture: 'x86_64',
  variant,
  release: ReleaseId.parse(`al2023@${version}`),
  imageId: 'ami-0b22d1ef6b2f62001',
  name: 'n',
});

test('a recommendation that moves backward is a recall of the newer release', () => {
  expect(recallOf([at('v20260311')], [at('v20260224')])).toEqual([
    {
      release: 'al2023@v20260311',
      returnedTo: 'al2023@v20260224',
      slots: [
        {
          family: 'al2023',
          region: 'eu-west-1',
          kubernetes: '1.35',
          architecture: 'x86_64',
          variant: 'standard',
        },
      ],
    },
  ]);
});

test('regions in different states at once are one recall with the slots that went back', () => {
  const before = [at('v20260311'), at('v20260311', 'us-east-1'), at('v20260311', 'ap-south-1')];
  const now = [at('v20260224'), at('v20260311', 'us-east-1'), at('v20260209', 'ap-south-1')];
  const [recall, ...others] = recallOf(before, now);
  expect(others).toEqual([]);
  expect(recall).toMatchObject({ returnedTo: 'al2023@v20260224' });
  expect(recall?.slots.map(({ region }) => region)).toEqual(['eu-west-1', 'ap-south-1']);
});

test.each([
  { what: 'forward', before: [at('v20260224')], now: [at('v20260311')] },
  { what: 'nowhere', before: [at('v20260224')], now: [at('v20260224')] },
  { what: 'out of sight', before: [at('v20260311')], now: [] },
  { what: 'into sight', before: [], now: [at('v20260224')] },
  {
    what: 'in another slot',
    before: [at('v20260311')],
    now: [at('v20260224', 'eu-west-1', 'nvidia')],
  },
])('a recommendation that moves $what is no recall', ({ before, now }) => {
  expect(recallOf(before, now)).toEqual([]);
});

test.each([
  ['[ABANDONED] AMI Release v20260311', true],
  ['### [Recalled] AMI Release v20230211', true],
  ['# [ABANDONED] AMI Release v20260128', true],
  ['AMI Release v20260714', false],
  ['AMI Release v20260714 replaces the [ABANDONED] one', false],
])('the title %s is marked as recalled: %s', (title, marked) => {
  expect(isMarkedRecalled(title)).toBe(marked);
});

const now = Date.parse('2026-07-20T00:00:00Z');
test.each([
  [{ state: 'available' }, undefined],
  [{ state: 'available', deprecatedAt: '2028-07-14T21:47:09.000Z' }, undefined],
  [{ state: 'available', deprecatedAt: '2026-07-20T00:00:00.000Z' }, 'deprecated'],
  [{ state: 'disabled', deprecatedAt: '2026-07-01T00:00:00.000Z' }, 'disabled'],
  [{ state: 'deregistered' }, 'unavailable'],
])('an image %o is in trouble: %s', (image, kind) => {
  expect(troubleOf(image, now)?.kind).toBe(kind);
});

test('the newest custom image is the youngest usable one of its architecture, in whatever order EC2 lists', () => {
  const image = (name: string, createdAt: string, rest = {}) => ({
    imageId: name,
    name,
    architecture: 'x86_64' as const,
    state: 'available',
    createdAt,
    ...rest,
  });
  const images = [
    image('b', '2026-07-16T04:12:55.000Z'),
    image('a', '2026-07-16T04:12:55.000Z'),
    image('old', '2026-06-12T04:09:31.000Z'),
    image('arm', '2026-07-18T00:00:00.000Z', { architecture: 'arm64' }),
    image('gone', '2026-07-19T00:00:00.000Z', { state: 'disabled' }),
    image('expired', '2026-07-19T00:00:00.000Z', { deprecatedAt: '2026-07-19T12:00:00.000Z' }),
  ];
  expect(newestCustomImage(images, 'x86_64', now)?.name).toBe('b');
  expect(newestCustomImage([...images].reverse(), 'x86_64', now)?.name).toBe('b');
  expect(newestCustomImage([], 'arm64', now)).toBeUndefined();
});
