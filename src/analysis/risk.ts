import { isDriver, lineOf } from './package-diff.ts';
import type { PackageMove, ReleaseFacts, Risk, RiskLevel, RiskReason } from './types.ts';

/**
 * How risky a release is, by rules: the highest level of those that speak. `low` reasons are worth knowing but raise
 * nothing. A model may raise the result (`combinedRisk`), nothing lowers it.
 *
 * | rule | high | medium | low |
 * | --- | --- | --- | --- |
 * | recalled | this release was withdrawn | a release that runs was withdrawn | one in between was |
 * | series | kernel series, containerd major, NVIDIA branch | any other first number | |
 * | minor | | containerd, runc, NVIDIA toolkit, Neuron | |
 * | backward | kernel, containerd, runc, NVIDIA driver | any other package | |
 * | reopened | an advisory's fix is lost | | |
 * | removed | | a package is gone | |
 * | unknown | | the notes do not tell a package's move | |
 * | notes missing | | no notes of the release, or what runs is not known | |
 * | callout | | the notes (or those in between) warn of something | |
 * | gap | | more than 5 releases in between | 2 to 5 |
 * | support | | the minor's standard support is over or ends within 30 days | within 90 |
 * | blast radius | | 500 nodes or 50 clusters and more | |
 */
export function riskOf(facts: ReleaseFacts): Risk {
  const reasons = rules
    .flatMap((rule) => rule(facts))
    .sort((a, b) => levels.indexOf(b.level) - levels.indexOf(a.level));
  return { level: reasons[0]?.level ?? 'low', reasons };
}

/** The rules' risk, raised to the model's when that is higher. */
export function combinedRisk(
  rules: Risk,
  model?: { readonly level: RiskLevel; readonly text: string; readonly facts: readonly string[] },
): Risk {
  if (model === undefined || levels.indexOf(model.level) <= levels.indexOf(rules.level))
    return rules;
  return {
    level: model.level,
    reasons: [{ rule: 'model', ...model }, ...rules.reasons],
    raisedBy: 'model',
  };
}

const levels: readonly RiskLevel[] = ['low', 'medium', 'high'];

/** What every container of a node stands on. */
const foundations = new Set(['kernel', 'containerd', 'runc']);

type Rule = (facts: ReleaseFacts) => readonly RiskReason[];

const recalled: Rule = ({ release, notes, recalledPredecessors, between }) => {
  const reasons: RiskReason[] = [];
  if (notes.status === 'found' && notes.recalled) {
    reasons.push({
      rule: 'recalled',
      level: 'high',
      text: `${release} was withdrawn`,
      facts: ['N1'],
    });
  }
  for (const from of recalledPredecessors) {
    reasons.push({
      rule: 'recalled',
      level: 'medium',
      text: `${from}, which runs now, was withdrawn`,
      facts: ['I1'],
    });
  }
  for (const [index, one] of between.entries()) {
    if (one.recalled)
      reasons.push({
        rule: 'recalled',
        level: 'low',
        text: `${one.release}, in between, was withdrawn`,
        facts: [`R${index + 1}`],
      });
  }
  return reasons;
};

const packageRules: Rule = ({ packages }) =>
  packages.flatMap((move, index) => {
    const spoken = packageRule(move);
    return spoken === undefined ? [] : [{ ...spoken, facts: [`P${index + 1}`] }];
  });

function packageRule(move: PackageMove): Omit<RiskReason, 'facts'> | undefined {
  const { name, change } = move;
  const base = foundations.has(name) || isDriver(name);
  switch (change) {
    case 'series':
      return { rule: 'series', level: base ? 'high' : 'medium', text: movesText(move) };
    case 'minor':
      return base || /^nvidia-|neuron/.test(name)
        ? { rule: 'minor', level: 'medium', text: movesText(move) }
        : undefined;
    case 'downgrade':
      return {
        rule: 'backward',
        level: base ? 'high' : 'medium',
        text: `${name} goes back from ${move.from} to ${move.to}`,
      };
    case 'removed':
      return { rule: 'removed', level: 'medium', text: `${name} ${move.from} is gone` };
    case 'unknown':
      return { rule: 'unknown', level: 'medium', text: `the notes do not tell how ${name} moves` };
    case 'unchanged':
    case 'patch':
    case 'added':
      return undefined;
  }
}

function movesText({ name, from, to }: PackageMove): string {
  return `${name} moves from ${lineOf(name, from ?? '')} to ${lineOf(name, to ?? '')}`;
}

const reopened: Rule = ({ security }) =>
  security.status === 'checked' && security.reopened.length > 0
    ? [
        {
          rule: 'reopened',
          level: 'high',
          text: `the fix of ${security.reopened.slice(0, 3).join(', ')} is lost`,
          facts: ['S1'],
        },
      ]
    : [];

const notesMissing: Rule = ({ notes, images }) => {
  if (notes.status === 'missing') {
    return [
      {
        rule: 'notes missing',
        level: 'medium',
        text: 'no release notes were found',
        facts: ['N1'],
      },
    ];
  }
  const dark = images.findIndex(({ from }) => from === 'unknown');
  return dark === -1
    ? []
    : [
        {
          rule: 'notes missing',
          level: 'medium',
          text: 'what runs now is not known everywhere',
          facts: [`I${dark + 1}`],
        },
      ];
};

const callouts: Rule = ({ notes, between }) => [
  ...(notes.status === 'found' && notes.callouts.length > 0
    ? [
        {
          rule: 'callout',
          level: 'medium' as const,
          text: 'the notes point something out',
          facts: ['N2'],
        },
      ]
    : []),
  ...between.flatMap((one, index) =>
    one.callouts.length > 0 && !one.recalled
      ? [
          {
            rule: 'callout',
            level: 'medium' as const,
            text: `the notes of ${one.release} point something out`,
            facts: [`R${index + 1}`],
          },
        ]
      : [],
  ),
];

const gap: Rule = ({ between }) =>
  between.length < 2
    ? []
    : [
        {
          rule: 'gap',
          level: between.length > 5 ? 'medium' : 'low',
          text: `it skips ${between.length} releases`,
          facts: ['R1'],
        },
      ];

const support: Rule = ({ supportEndsInDays }) => {
  if (supportEndsInDays === undefined || supportEndsInDays.days > 90) return [];
  const { kubernetes, days } = supportEndsInDays;
  const when = days <= 0 ? 'is over' : `ends in ${days} ${days === 1 ? 'day' : 'days'}`;
  return [
    {
      rule: 'support',
      level: days > 30 ? 'low' : 'medium',
      text: `standard support of Kubernetes ${kubernetes} ${when}`,
      facts: ['L1'],
    },
  ];
};

const blast: Rule = ({ blastRadius }) => {
  if (blastRadius === undefined || (blastRadius.nodes < 500 && blastRadius.clusters < 50))
    return [];
  const { clusters, nodes } = blastRadius;
  return [
    {
      rule: 'blast radius',
      level: 'medium',
      text: `it replaces ${nodes} nodes in ${clusters} ${clusters === 1 ? 'cluster' : 'clusters'}`,
      facts: ['B1'],
    },
  ];
};

const rules: readonly Rule[] = [
  recalled,
  packageRules,
  reopened,
  notesMissing,
  callouts,
  gap,
  support,
  blast,
];
