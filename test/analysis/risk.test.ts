import { describe, expect, test } from 'vitest';
import { changeOf } from '../../src/analysis/package-diff.ts';
import { combinedRisk, riskOf } from '../../src/analysis/risk.ts';
import type { ReleaseFacts, RiskLevel } from '../../src/analysis/types.ts';
import { sampleFacts } from './sample-facts.ts';

const moved = (
  name: string,
  from: string | undefined,
  to: string | undefined,
): Partial<ReleaseFacts> => {
  const change = changeOf(name, from, to);
  if (change === undefined) throw new Error('no change');
  return { packages: [{ ...change, images: [0] }] };
};
const gone: Partial<ReleaseFacts> = {
  packages: [{ name: 'efa', from: '3.1.0', to: null, change: 'removed', images: [0] }],
};
const between = (
  count: number,
  one: Partial<ReleaseFacts['between'][number]> = {},
): Partial<ReleaseFacts> => ({
  between: Array.from({ length: count }, (_, n) => ({
    release: `al2023@v2026070${n}`,
    recalled: false,
    callouts: [],
    ...one,
  })),
});
const found = sampleFacts.notes.status === 'found' ? sampleFacts.notes : undefined;
const notes = (more: object): Partial<ReleaseFacts> =>
  found === undefined ? {} : { notes: { ...found, ...more } };

test.each<[string, Partial<ReleaseFacts>, RiskLevel, string[]]>([
  ['patches only', {}, 'low', []],
  [
    'a kernel series',
    moved('kernel', '6.1.147-1', '6.12.40-1'),
    'high',
    ['kernel moves from 6.1 to 6.12'],
  ],
  [
    'a containerd major',
    moved('containerd', '1.7.27-1', '2.1.4-1'),
    'high',
    ['containerd moves from 1.7 to 2.1'],
  ],
  [
    'a containerd minor',
    moved('containerd', '2.1.4-1', '2.2.1-1'),
    'medium',
    ['containerd moves from 2.1 to 2.2'],
  ],
  [
    'an NVIDIA branch',
    moved('kmod-nvidia-latest-dkms', '570.1.1-1', '580.1.1-1'),
    'high',
    ['kmod-nvidia-latest-dkms moves from 570 to 580'],
  ],
  ['a minor of the SSM agent', moved('amazon-ssm-agent', '3.3.1-1', '3.4.1-1'), 'low', []],
  ['a major of EFA', moved('efa', '2.17.2-1', '3.1.0-1'), 'medium', ['efa moves from 2.17 to 3.1']],
  [
    'runc going back',
    moved('runc', '1.3.2-1', '1.2.6-1'),
    'high',
    ['runc goes back from 1.3.2-1 to 1.2.6-1'],
  ],
  [
    'ENA going back',
    moved('ena', '2.17.2g', '2.14.1g'),
    'medium',
    ['ena goes back from 2.17.2g to 2.14.1g'],
  ],
  ['a package gone', gone, 'medium', ['efa 3.1.0 is gone']],
  [
    'a missing row',
    moved('kernel', undefined, '6.18.1-1'),
    'medium',
    ['the notes do not tell how kernel moves'],
  ],
  [
    'no notes',
    { notes: { status: 'missing', reason: 'none' } },
    'medium',
    ['no release notes were found'],
  ],
  [
    'an unknown start',
    { images: [{ kubernetes: '1.34', amiType: 'a', from: 'unknown', clusters: 1 }] },
    'medium',
    ['what runs now is not known everywhere'],
  ],
  ['a withdrawn release', notes({ recalled: true }), 'high', ['al2023@v20260714 was withdrawn']],
  [
    'a withdrawn predecessor',
    { recalledPredecessors: ['al2023@v20260610'] },
    'medium',
    ['al2023@v20260610, which runs now, was withdrawn'],
  ],
  ['a callout', notes({ callouts: ['Careful.'] }), 'medium', ['the notes point something out']],
  [
    'a callout on the way',
    between(1, { callouts: ['Careful.'] }),
    'medium',
    ['the notes of al2023@v20260700 point something out'],
  ],
  [
    'a withdrawn release on the way',
    between(1, { recalled: true, callouts: ['Abandoned.'] }),
    'low',
    ['al2023@v20260700, in between, was withdrawn'],
  ],
  ['one release skipped', between(1), 'low', []],
  ['some releases skipped', between(2), 'low', ['it skips 2 releases']],
  ['many releases skipped', between(6), 'medium', ['it skips 6 releases']],
  [
    'support over',
    { supportEndsInDays: { kubernetes: '1.31', days: -3 } },
    'medium',
    ['standard support of Kubernetes 1.31 is over'],
  ],
  [
    'support near its end',
    { supportEndsInDays: { kubernetes: '1.31', days: 1 } },
    'medium',
    ['standard support of Kubernetes 1.31 ends in 1 day'],
  ],
  [
    'support for two months more',
    { supportEndsInDays: { kubernetes: '1.31', days: 60 } },
    'low',
    ['standard support of Kubernetes 1.31 ends in 60 days'],
  ],
  ['support for long', { supportEndsInDays: { kubernetes: '1.31', days: 91 } }, 'low', []],
  [
    'a large fleet',
    { blastRadius: { clusters: 1, nodes: 500 } },
    'medium',
    ['it replaces 500 nodes in 1 cluster'],
  ],
  ['a small fleet', { blastRadius: { clusters: 49, nodes: 499 } }, 'low', []],
])('%s is %s risk', (_, facts, level, texts) => {
  const risk = riskOf({ ...sampleFacts, ...facts });
  expect({ level: risk.level, texts: risk.reasons.map(({ text }) => text) }).toEqual({
    level,
    texts,
  });
});

test('a lost fix is a high risk', () => {
  const security =
    sampleFacts.security.status === 'checked'
      ? { ...sampleFacts.security, reopened: ['CVE-2026-3'] }
      : sampleFacts.security;
  expect(riskOf({ ...sampleFacts, security })).toMatchObject({
    level: 'high',
    reasons: [{ text: 'the fix of CVE-2026-3 is lost' }],
  });
});

describe('the model', () => {
  const rules = riskOf({ ...sampleFacts, ...moved('containerd', '2.1.4-1', '2.2.1-1') });
  const says = (level: RiskLevel) => combinedRisk(rules, { level, text: 'because', facts: ['P1'] });

  test('may raise the risk, and is named as who did', () => {
    expect(says('high')).toMatchObject({
      level: 'high',
      raisedBy: 'model',
      reasons: [{ rule: 'model' }, { rule: 'minor' }],
    });
  });

  test.each(['low', 'medium'] as const)('does not change it with %s', (level) =>
    expect(says(level)).toBe(rules),
  );

  test('need not say anything', () => expect(combinedRisk(rules)).toBe(rules));
});
