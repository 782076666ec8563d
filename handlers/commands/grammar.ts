import { editDistance } from '../../src/shared/edit-distance.ts';

/** What somebody typed after `/ami`, or in a thread after mentioning the bot. */
export type Typed = {
  readonly verb: Verb;
  /** Rollout as typed: `ro_7f3…`, `7f3…`; absent when none was named. */
  readonly id?: string;
  /** A word such as `bad` or `14d` that could be an id as well: one only if a rollout's begins with it. */
  readonly maybeId?: string;
  readonly rest: string;
};

const rolloutVerbs = [
  'show',
  'approve',
  'reject',
  'snooze',
  'wake',
  'switch',
  'pause',
  'brake',
  'resume',
  'rollback',
  'expedite',
] as const;

const verbs = [
  'status',
  'check',
  ...rolloutVerbs,
  'freeze',
  'unfreeze',
  'hold',
  'unhold',
  'bad',
  'good',
  'digest',
  'history',
  'where',
  'upgrade-check',
  'help',
] as const;
export type Verb = (typeof verbs)[number];

/** Verbs that take a rollout. */
const ofRollout: ReadonlySet<Verb> = new Set(rolloutVerbs);

/** Reads a command. Case does not matter, curly quotes are straightened, an unknown verb comes back with the nearest. */
export function parseTyped(
  text: string,
):
  | { readonly kind: 'typed'; readonly typed: Typed }
  | { readonly kind: 'unknown'; readonly word: string; readonly nearest: Verb | undefined } {
  const straight = unescaped(text.slice(0, 2000))
    .replace(/[“”„]/g, '"')
    .replace(/[‘’]/g, "'")
    .trim();
  const [, word = '', after = ''] = /^(\S*)\s*([\s\S]*)$/.exec(straight) ?? [];
  if (word === '') return { kind: 'typed', typed: { verb: 'status', rest: '' } };
  const verb = verbs.find((known) => known === word.toLowerCase());
  if (verb === undefined)
    return { kind: 'unknown', word, nearest: nearestVerb(word.toLowerCase()) };
  if (!ofRollout.has(verb)) return { kind: 'typed', typed: { verb, rest: unquoted(after) } };
  // What begins with `ro_` names a rollout, however short or misspelt: it must not pass for a note to the only open one.
  const [, named, bare, rest = ''] =
    /^(?:ro_(\S+)|([0-9a-f]{3,10}))(?:\s+([\s\S]*))?$/i.exec(after) ?? [];
  const id = (named ?? bare)?.toLowerCase();
  if (id === undefined) return { kind: 'typed', typed: { verb, rest: unquoted(after) } };
  const isWord = named === undefined && (/^[a-f]+$/.test(id) || /^\d{1,3}d$/.test(id));
  return {
    kind: 'typed',
    typed: { verb, ...(isWord ? { maybeId: id } : { id }), rest: unquoted(rest) },
  };
}

/** Slack sends these three characters escaped; we escape once more when we show them. */
function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function unquoted(text: string): string {
  const trimmed = text.trim();
  return trimmed.length > 1 && trimmed.startsWith('"') && trimmed.endsWith('"')
    ? trimmed.slice(1, -1)
    : trimmed;
}

/** A slip of the fingers, not another word: at most half of its letters. */
function nearestVerb(word: string): Verb | undefined {
  const near = verbs.map((verb) => [verb, editDistance(word.slice(0, 20), verb)] as const);
  const [verb, edits] = near.reduce((best, next) => (next[1] < best[1] ? next : best));
  return edits <= Math.max(1, Math.floor(word.length / 2)) ? verb : undefined;
}
