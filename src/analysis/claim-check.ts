import { oneLine } from '../shared/text.ts';
import { packageNames } from './package-words.ts';
import type { Claim, Fact } from './types.ts';

/** Longest statement that is shown, in UTF-16 code units. */
const maxText = 240;

/** More sources than these nobody looks up; a statement must stand on the first of them. */
const mostCited = 5;

/** Facts by the id that a statement may cite. */
export type Grounds = ReadonlyMap<string, Fact>;

export function groundsOf(facts: readonly Fact[]): Grounds {
  return new Map(facts.map((fact) => [fact.id, fact]));
}

/**
 * A statement as it may be shown, or `undefined` when it cites nothing, or what does not exist, or names a vulnerability,
 * version, number or package that the cited facts (and the list of images) do not, or is more than plain words. What
 * outsiders wrote grounds no name and no number.
 * @param about a release: nobody is told what to decide, in no form of the words. A record: it tells who decided what.
 */
export function supported(
  statement: Claim,
  grounds: Grounds,
  about: 'release' | 'record' = 'release',
): Claim | undefined {
  const text = statement.text.trim();
  const cited = [...new Set(statement.facts)].slice(0, mostCited);
  if (text === '' || text.length > maxText || !isPlain(text, about)) return undefined;
  if (cited.length === 0 || !cited.every((id) => grounds.has(id))) return undefined;
  const said = [...grounds.values()]
    .filter(({ id, untrusted }) => untrusted !== true && (cited.includes(id) || id.startsWith('I')))
    .map((fact) => fact.text.toLowerCase());
  const words = withDigits(text.toLowerCase());
  const quoted = cited.map((id) => grounds.get(id)?.text.toLowerCase() ?? '');
  return isAbout(words, quoted) &&
    hasGroundedNumbers(words, said) &&
    (!backward.test(words) || said.some((fact) => backward.test(fact))) &&
    namesIn(words).every((name) => isIn(said, name))
    ? { text, facts: cited }
    : undefined;
}

/** Whether a statement and its sources share at least one word that says something: a source is not any source. */
function isAbout(words: string, cited: readonly string[]): boolean {
  const telling = (words.match(/[a-z]{3,}/g) ?? []).filter((word) => !common.has(word));
  // The beginning is enough: `patched` is about a `patch`.
  return telling.some((word) => cited.some((text) => text.includes(word.slice(0, 5))));
}

const common = new Set(
  'the and for with from into this that are was were has have had will not all its moves move release releases which'.split(
    ' ',
  ),
);

/** Whether something of ours is cited, not only what outsiders wrote. */
export function isGrounded({ facts }: Claim, grounds: Grounds): boolean {
  return facts.some((id) => grounds.get(id)?.untrusted !== true);
}

/** English prose: letters that only look like these would carry names past the checks below. */
const prose = /^[\x20-\x7e–—‘’“”…→]*[a-z]{2}[\x20-\x7e–—‘’“”…→]*$/i;

/** What a statement must not be: markup, mentions, links, orders to the reader, and comfort that no fact can give. */
const forbidden = [
  /[<>|[\]{}\\@#]|:\/\/|\bwww\.|```|:[a-z0-9_+-]{2,}:/i,
  /\b[\w-]+\.(?:com|net|org|io|dev|ai|app|co|me|xyz|info|link|sh|gg|ly|example|test|invalid)\b/i,
  /\b(?:ignor|disregard|instruct|prompt|system message)/i,
  /\b(?:no|zero|without|free of|any|all|every|each)(?: [\w.-]+){0,2} (?:risk|vulnerabilit|regression|cve|downtime|impact|issue|problem|hole|flaw)/i,
  /\b(?:safe|safely|harmless|guarantee[sd]?|seamless(?:ly)?|unaffected|is fine|nothing to worry|no need to)\b/i,
  /\b(?:low|lower|little|minimal|negligible|reduced|small|trivial)[- ]risk\b|\brisk(?: level)? (?:is|stays|remains|looks|seems) (?:\w+ )?(?:low|minimal|negligible|small|little)\b/i,
  /\b(?:is|are|was|were|stays?|remains?) (?:not|never|still not) (?:yet )?(?:fixed|patched)\b/i,
  /\b(?:go ahead|ship it|do not (?:wait|hesitate)|(?:roll|deploy|merge|take|install) (?:it|this|now)\b)/i,
];

/** What calls for a decision, or denies a change: of a record the past forms and the nouns may stand. */
const calls = {
  release:
    /\b(?:approv|reject|immediately|urgent|right away|asap\b)|\b(?:not|never|nothing)\b(?! (?:tell|told|say|said|known|checked|compared|seen|mention))[^.]* (?:fix|patch|chang|mov|updat|upgrad)/i,
  record: /\b(?:approv(?!ed\b|als?\b|ers?\b)|reject(?!ed\b|ions?\b))/i,
};

function isPlain(text: string, about: keyof typeof calls): boolean {
  return (
    oneLine(text) === text &&
    prose.test(text) &&
    !calls[about].test(text) &&
    !forbidden.some((pattern) => pattern.test(text))
  );
}

const numerals = new Map([
  ...`two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen`
    .split(' ')
    .map((word, i): [string, number] => [word, i + 2]),
  ...'twenty thirty forty fifty sixty seventy eighty ninety hundred'
    .split(' ')
    .map((word, i): [string, number] => [word, (i + 2) * 10]),
  ['dozen', 12],
  ['thousand', 1_000],
]);
const numeral = new RegExp(`\\b(${[...numerals.keys()].join('|')})s?\\b`, 'g');

/** `two` as `2`: a count is a count, however it is spelled. */
function withDigits(text: string): string {
  return text.replace(numeral, (_, word: string) => String(numerals.get(word)));
}

/** Versions may be shortened at a separator (`6.12` of `6.12.94-123`); counts may not be invented from their parts. */
function hasGroundedNumbers(text: string, said: readonly string[]): boolean {
  const whole = said.flatMap(numbersIn);
  const known = new Set(whole);
  for (const number of whole) {
    for (const { index } of number.matchAll(/[.:~^+_-]/g)) {
      const beginning = number.slice(0, index);
      if (!/^\d{1,2}$/.test(beginning)) known.add(beginning);
    }
  }
  const counts = text.match(/\b\d+ (?:critical|high|medium|low)\b/g) ?? [];
  return (
    numbersIn(text).every((number) => known.has(number)) &&
    counts.every((count) => isIn(said, count))
  );
}

function numbersIn(text: string): readonly string[] {
  return text.match(/\d+(?:[.:~^+_-]\d+)*/g) ?? [];
}

/** Vulnerabilities, packages, and the words that nobody may use lightly. */
function namesIn(text: string): readonly string[] {
  return [
    ...(text.match(/\b(?:cve|ghsa|alas\w*|brsa)-[a-z0-9-]+/g) ?? []),
    ...(text.match(grave) ?? []),
    ...[...text.matchAll(/\b(high|medium|low)[- ]severity\b/g)].map(([, word = '']) => word),
    ...packageNames(text),
  ];
}

/** How bad a vulnerability is, and what it lets somebody do: no title tells, only an advisory, and of these we keep little. */
const grave =
  /\b(?:critical|severe|exploit\w*|zero-days?|in the wild|code execution|arbitrary code|privileges|(?:privilege )?escalation|container escapes?|breakouts?|denial[- ]of[- ]service|use[- ]after[- ]free|overflows?|backdoors?|malware|ransomware|root access|(?:data|memory) (?:loss|leaks?|corruption))\b/g;

const backward = /\bdowngrad|\b(?:goes|going|moves?|moving|went) back\b/;

function isIn(said: readonly string[], name: string): boolean {
  return said.some((fact) => mentions(fact, name));
}

/** As a word of its own, or a part of a compound name: `nvidia` is in `kmod-nvidia-latest-dkms`. */
export function mentions(fact: string, name: string): boolean {
  for (let at = fact.indexOf(name); at !== -1; at = fact.indexOf(name, at + 1)) {
    const [before = '', after = ''] = [fact[at - 1], fact[at + name.length]];
    if (!/[a-z0-9]/.test(before) && !/[a-z0-9]/.test(after)) return true;
  }
  return false;
}
