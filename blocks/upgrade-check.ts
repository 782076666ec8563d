import type { Message } from './block-kit.ts';
import { message, section } from './block-kit.ts';
import { clause, count, listed, named, quoted } from './phrases.ts';

/** What the pins of a cluster come to with another minor of its control plane. */
export type UpgradeCheckFacts = {
  readonly cluster: string;
  readonly from: string;
  readonly to: string;
  readonly pins: readonly {
    readonly path: string;
    readonly line: number;
    readonly value: string;
    readonly verdict: keyof typeof words;
    readonly says: string;
    readonly propose?: { readonly value: string; readonly when: 'before' | 'after' };
  }[];
  readonly problems: readonly { readonly path: string; readonly reason: string }[];
};

const words = {
  resolves: 'resolves',
  partly: 'resolves in part',
  unresolved: 'does NOT resolve',
  floats: 'floats',
  stays: 'resolves, and stays behind',
  'too-old': 'resolves, and is too old',
  'not-checked': 'not checked',
} as const;

const fine: ReadonlySet<keyof typeof words> = new Set(['resolves', 'stays']);
const mostLines = 12;

/** Whether the upgrade can go ahead as far as the pins are concerned: every one was checked, and something launches. */
export function isClearToUpgrade({ pins, problems }: UpgradeCheckFacts): boolean {
  return pins.length > 0 && problems.length === 0 && pins.every(({ verdict }) => fine.has(verdict));
}

/** The answer in one sentence. */
export function upgradeLead(facts: UpgradeCheckFacts): string {
  const { cluster, from, to, pins, problems } = facts;
  const where = `${named(cluster)} from ${named(from)} to ${named(to)}`;
  if (pins.length === 0) return `${where}: no pin of it is watched, so nothing is known.`;
  if (isClearToUpgrade(facts))
    return pins.length === 1
      ? `${where}: its one pin resolves there.`
      : `${where}: all ${count(pins.length, 'pin')} resolve there.`;
  const open = pins.filter(({ verdict }) => !fine.has(verdict)).length;
  const unread = problems.length === 0 ? '' : `; ${count(problems.length, 'file')} not read`;
  const first = pins.some(({ propose }) => propose?.when === 'before')
    ? ' Move the pins first, then upgrade.'
    : '';
  return `${where}: not yet. ${open} of ${count(pins.length, 'pin')} to look at${unread}.${first}`;
}

/** One pin a line, what is wrong first. */
export function upgradeLines({ pins, problems }: UpgradeCheckFacts): string[] {
  const sorted = pins.toSorted((a, b) => Number(fine.has(a.verdict)) - Number(fine.has(b.verdict)));
  return [
    ...sorted.map(({ path, line, value, verdict, says, propose }) => {
      const next =
        propose === undefined
          ? ''
          : `. ${propose.when === 'before' ? 'Pin it first to' : 'Afterwards'}: ${quoted(propose.value, 200)}`;
      return `${named(`${path}:${line}`)} ${quoted(value, 100)}: *${words[verdict]}*: ${clause(says, 400)}${next}`;
    }),
    ...problems.map(({ path, reason }) => `${named(path)}: not read: ${quoted(reason, 200)}`),
  ];
}

/** The answer to `/ami upgrade-check`. */
export function upgradeCheckMessage(facts: UpgradeCheckFacts): Message {
  const lead = upgradeLead(facts);
  const lines = upgradeLines(facts);
  const more =
    lines.length > mostLines ? [`and ${count(lines.length - mostLines, 'more line')}`] : [];
  return message(lead, [
    section(
      [`*${lead}*`, ...lines.slice(0, mostLines).map((line) => `• ${line}`), ...more].join('\n'),
    ),
  ]);
}

/** Why nothing can be said. */
export function noUpgradeCheck(why: string, clusters: readonly string[]): Message {
  const text = `${clause(why, 300)}. Use \`/ami upgrade-check <cluster> <minor>\`, such as 1.36; clusters: ${listed(clusters, 8)}.`;
  return { text, blocks: [section(text)] };
}
