import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WaveSpec } from '../../src/rollout/policy.ts';
import { isInShare } from '../../src/rollout/share.ts';
import type { PlannedCluster } from '../../src/rollout/waves.ts';
import { planWaves, unknownNodeClasses } from '../../src/rollout/waves.ts';

const cluster = (name: string, region = 'eu', ...files: string[]): PlannedCluster => ({
  name,
  region,
  files: files.length === 0 ? [`${name}.yaml`] : files,
});
const four = [cluster('a'), cluster('b'), cluster('c', 'us'), cluster('d', 'us')];

test.each<[string, WaveSpec[], string[][]]>([
  ['all together', ['rest'], [['a', 'b', 'c', 'd']]],
  ['one, then the rest', [{ clusters: 1 }, 'rest'], [['a'], ['b', 'c', 'd']]],
  [
    'one a region, then the rest',
    [{ perRegion: 1 }, 'rest'],
    [
      ['a', 'c'],
      ['b', 'd'],
    ],
  ],
  [
    'named ones first',
    [{ clusters: ['d', 'b'] }, 'rest'],
    [
      ['b', 'd'],
      ['a', 'c'],
    ],
  ],
  ['what was forgotten comes last', [{ clusters: ['c'] }], [['c'], ['a', 'b', 'd']]],
  ['a step without clusters is none', [{ clusters: ['z'] }, 'rest'], [['a', 'b', 'c', 'd']]],
])('%s', (_, specs, waves) => {
  const planned = planWaves(specs, four);
  expect(planned.map(({ clusters }) => clusters)).toEqual(waves);
  expect(planned.map(({ name }) => name)).toEqual(waves.map((_wave, i) => `wave-${i + 1}`));
});

test('clusters that read one file move together, with the last of them', () => {
  const shared = [cluster('a', 'eu', 'x', 'y'), cluster('b'), cluster('c', 'eu', 'y')];
  const planned = planWaves([{ clusters: 1 }, { clusters: 1 }, 'rest'], shared);
  expect(planned.map(({ clusters }) => clusters)).toEqual([['b'], ['a', 'c']]);
});

describe('a wave of node classes', () => {
  const classed = (name: string, nodeClasses: string[], ...files: string[]) => ({
    ...cluster(name, 'eu', ...files),
    nodeClasses,
  });
  const three = [
    classed('a', ['default', 'gpu']),
    classed('b', ['default', 'gpu'], 'shared'),
    classed('c', ['default']),
  ];

  test('takes these of all clusters, and the rest goes without them', () => {
    expect(planWaves([{ nodeClasses: ['gpu'], soakMs: 5 }, 'rest'], three)).toEqual([
      { name: 'wave-1', clusters: ['a', 'b'], nodeClasses: ['gpu'], soakMs: 5 },
      { name: 'wave-2', clusters: ['a', 'b', 'c'], otherThan: ['gpu'] },
    ]);
  });
  test('takes nothing of clusters that moved whole before', () => {
    expect(planWaves([{ clusters: ['a'] }, { nodeClasses: ['gpu'] }, 'rest'], three)).toEqual([
      { name: 'wave-1', clusters: ['a'] },
      { name: 'wave-2', clusters: ['b'], nodeClasses: ['gpu'] },
      { name: 'wave-3', clusters: ['b', 'c'], otherThan: ['gpu'] },
    ]);
  });
  test('waits with a cluster for those that read the same file', () => {
    const shared = [classed('a', ['gpu'], 'shared'), ...three.slice(1)];
    const waves = planWaves([{ clusters: ['a'] }, { nodeClasses: ['gpu'] }, 'rest'], shared);
    expect(waves).toEqual([
      { name: 'wave-1', clusters: ['a', 'b'], nodeClasses: ['gpu'] },
      { name: 'wave-2', clusters: ['a', 'b', 'c'], otherThan: ['gpu'] },
    ]);
  });
  test('is cut as any other', () => {
    const waves = planWaves([{ nodeClasses: ['gpu'] }, 'rest'], three, 1);
    expect(waves.slice(0, 2)).toEqual([
      { name: 'wave-1', clusters: ['a'], nodeClasses: ['gpu'] },
      { name: 'wave-2', clusters: ['b'], nodeClasses: ['gpu'] },
    ]);
  });
  test('of a name that no pin has is known to be none', () => {
    const specs: WaveSpec[] = [{ nodeClasses: ['gpu', 'arm'] }, 'rest'];
    expect(unknownNodeClasses(specs, three)).toEqual(['arm']);
    expect(unknownNodeClasses(['rest'], three)).toEqual([]);
  });
  test('and the others share out every pin, each to one wave', () => {
    const pins = ['default', 'gpu', undefined].flatMap((name) =>
      three
        .filter(({ nodeClasses }) => name === undefined || nodeClasses.includes(name))
        .map((one) => ({
          object: name === undefined ? '' : `EC2NodeClass/${name}#x`,
          clusters: [one.name],
        })),
    );
    const order: fc.Arbitrary<WaveSpec[]> = fc.shuffledSubarray<WaveSpec>([
      { nodeClasses: ['gpu'] },
      { nodeClasses: ['default'] },
      { clusters: 1 },
      { clusters: ['c'] },
    ]);
    fc.assert(
      fc.property(order, fc.integer({ min: 1, max: 3 }), (specs, most) => {
        const waves = planWaves([...specs, 'rest'], three, most);
        for (const pin of pins) {
          expect(waves.filter((wave) => isInShare(wave, pin))).toHaveLength(1);
        }
      }),
    );
  });
});

test('a wave has a soak of its own, in every piece it is cut into', () => {
  const planned = planWaves([{ clusters: 3, soakMs: 5 }, 'rest'], four, 2);
  expect(planned).toEqual([
    { name: 'wave-1', clusters: ['a', 'b'], soakMs: 5 },
    { name: 'wave-2', clusters: ['c'], soakMs: 5 },
    { name: 'wave-3', clusters: ['d'] },
  ]);
});

test('a wave is not cut through clusters that read one file', () => {
  const shared = [
    cluster('a', 'eu', 'x'),
    cluster('b', 'eu', 'x', 'y'),
    cluster('c', 'eu', 'y'),
    cluster('d'),
  ];
  const planned = planWaves(['rest'], shared, 2);
  expect(planned.map(({ clusters }) => clusters)).toEqual([['a', 'b', 'c'], ['d']]);
});

test('every cluster is in one wave, and a file in one too', () => {
  const spec: fc.Arbitrary<WaveSpec> = fc.oneof(
    fc.constant('rest' as const),
    fc.record({ perRegion: fc.integer({ min: 1, max: 2 }) }),
    fc.record({ clusters: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ clusters: fc.array(fc.constantFrom('c0', 'c1', 'c4'), { minLength: 1 }) }),
  );
  const clusters = fc.array(
    fc.record({
      region: fc.constantFrom('eu', 'us'),
      files: fc.array(fc.constantFrom('w', 'x', 'y', 'z'), { minLength: 1, maxLength: 2 }),
    }),
    { maxLength: 7 },
  );
  fc.assert(
    fc.property(
      fc.array(spec, { maxLength: 4 }),
      clusters,
      fc.integer({ min: 1, max: 5 }),
      (specs, some, most) => {
        const all = some.map((one, i) => ({ ...one, name: `c${i}` }));
        const waves = planWaves(specs, all, most);
        const names = waves.flatMap((wave) => wave.clusters);
        expect([...names].sort()).toEqual(all.map(({ name }) => name).sort());
        expect(waves.every((wave) => wave.clusters.length > 0)).toBe(true);
        for (const file of ['w', 'x', 'y', 'z'] as const) {
          const readers = all.filter(({ files }) => files.includes(file)).map(({ name }) => name);
          const reading = waves.filter((wave) =>
            wave.clusters.some((one) => readers.includes(one)),
          );
          expect(reading.length).toBeLessThanOrEqual(1);
        }
      },
    ),
  );
});
