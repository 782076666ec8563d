import { clamp, oneLine } from '../shared/text.ts';
import { factsOf } from './fact-list.ts';
import type {
  AiSummary,
  Analysis,
  Fact,
  ModelUsage,
  NoSummaryReason,
  NotesFacts,
  ReleaseFacts,
  Risk,
} from './types.ts';

/** Most bytes of JSON that an analysis may take in an event. */
export const maxAnalysisBytes = 8_000;

type Lengths = {
  images: number;
  names: number;
  packages: number;
  cves: number;
  between: number;
  callouts: number;
  pullRequests: number;
  unknowns: number;
  reasons: number;
};

const fullest: Lengths = {
  images: 16,
  names: 8,
  packages: 40,
  cves: 20,
  between: 12,
  callouts: 6,
  pullRequests: 10,
  unknowns: 10,
  reasons: 12,
};

/** What is stored of facts, risk and summary: as much of the lists as fits, from their beginning, and what was left. */
export function analysisOf(
  facts: ReleaseFacts,
  risk: Risk,
  summary: AiSummary | NoSummaryReason,
  usage?: ModelUsage,
): Analysis {
  for (let share = 1; ; share *= 0.7) {
    const lengths = scaled(share);
    const analysis = {
      ...cut(facts, risk, summary, lengths),
      ...(usage === undefined ? {} : { usage }),
    };
    // At the smallest size only clamped texts are left, which fit.
    if (bytesOf(analysis) <= maxAnalysisBytes || share < 0.02) return analysis;
  }
}

function scaled(share: number): Lengths {
  const entries = Object.entries(fullest).map(([name, length]) => [
    name,
    Math.ceil(length * share),
  ]);
  return Object.fromEntries(entries) as Lengths; // same keys, and nothing but numbers
}

function cut(
  facts: ReleaseFacts,
  risk: Risk,
  given: AiSummary | NoSummaryReason,
  lengths: Lengths,
): Analysis {
  const { release, notes, images, packages, security, between, unknowns } = facts;
  const summary = typeof given === 'string' ? given : withoutRepeats(given, unknowns);
  const { recalledPredecessors, supportEndsInDays, blastRadius } = facts;
  const kept = images.slice(0, lengths.images).map((image) => ({
    ...image,
    ...(image.names === undefined ? {} : { names: image.names.slice(0, lengths.names) }),
  }));
  const ofKept = (indexes: readonly number[]) => indexes.filter((index) => index < kept.length);
  const reasons = risk.reasons
    .slice(0, lengths.reasons)
    .map((reason) => ({ ...reason, text: clamp(reason.text, 160) }));
  const known = knownIds(security);
  const claims = typeof summary === 'string' ? [] : claimsOf(summary);
  const cited = {
    claims: new Set(claims.flatMap((one) => one.facts)),
    reasons: new Set(reasons.flatMap((one) => one.facts)),
  };
  const { sources, cut: unsourced } = sourcesOf(facts, risk, cited, lengths, known);
  return {
    v: 1,
    release,
    notes: cutNotes(notes, lengths, known),
    images: kept,
    packages: packages
      .slice(0, lengths.packages)
      .map((move) => ({ ...move, images: ofKept(move.images) })),
    security:
      security.status === 'not-checked'
        ? { ...security, reason: clamp(oneLine(security.reason), 200) }
        : {
            ...security,
            fixed: security.fixed
              .slice(0, lengths.cves)
              .map((cve) => ({ ...cve, images: ofKept(cve.images) })),
            reopened: security.reopened.slice(0, lengths.cves),
            unchecked: security.unchecked.slice(0, lengths.packages),
          },
    risk: { ...risk, reasons },
    between: between
      .slice(0, lengths.between)
      .map(({ release: one, recalled }) => ({ release: one, recalled })),
    unknowns: unknowns.slice(0, lengths.unknowns).map((text) => clamp(text, 160)),
    recalledPredecessors: recalledPredecessors.slice(0, lengths.between),
    ...(supportEndsInDays === undefined ? {} : { supportEndsInDays }),
    ...(blastRadius === undefined ? {} : { blastRadius }),
    sources,
    summary:
      typeof summary === 'string' ? { kind: 'none', reason: summary } : { kind: 'ai', ...summary },
    left: {
      images: images.length - kept.length,
      packages: Math.max(0, packages.length - lengths.packages),
      cves: Math.max(0, (security.status === 'checked' ? security.fixed.length : 0) - lengths.cves),
      between: Math.max(0, between.length - lengths.between),
      callouts: Math.max(
        0,
        (notes.status === 'found' ? notes.callouts.length : 0) - lengths.callouts,
      ),
      pullRequests: Math.max(
        0,
        (notes.status === 'found' ? notes.pullRequests.length : 0) - lengths.pullRequests,
      ),
      ...counted('unknowns', unknowns.length - lengths.unknowns),
      ...counted('reasons', risk.reasons.length - reasons.length),
      ...counted('sources', unsourced),
    },
  };
}

/** Only where something was cut: most analyses are whole, and every byte of them is stored. */
function counted(
  name: 'unknowns' | 'reasons' | 'sources',
  count: number,
): Partial<Analysis['left']> {
  return count > 0 ? { [name]: count } : {};
}

/** Vulnerabilities that an advisory names. */
function knownIds(security: ReleaseFacts['security']): ReadonlySet<string> {
  return new Set(
    security.status === 'checked'
      ? [...security.fixed.map(({ id }) => id), ...security.reopened]
      : [],
  );
}

/** Outsiders' words without vulnerabilities that no advisory names: not even a quotation may claim one. */
function quotable(text: string, known: ReadonlySet<string>): string {
  return text.replace(/\b(?:CVE-\d{4}-\d{4,}|GHSA(?:-[a-z0-9]{4}){3})\b/gi, (id) =>
    known.has(id.toUpperCase()) || known.has(id) ? id : '(an id that was not checked)',
  );
}

function cutNotes(
  notes: NotesFacts,
  { callouts, pullRequests }: Lengths,
  known: ReadonlySet<string>,
): NotesFacts {
  if (notes.status === 'missing') return { ...notes, reason: clamp(oneLine(notes.reason), 200) };
  return {
    ...notes,
    title: clamp(notes.title, 100),
    callouts: notes.callouts.slice(0, callouts).map((text) => clamp(quotable(text, known), 200)),
    pullRequests: notes.pullRequests
      .slice(0, pullRequests)
      .map(({ number, title }) => ({ number, title: clamp(quotable(title, known), 120) })),
  };
}

/** A model that names an unknown in the facts' own words adds nothing: it stands among the facts. */
function withoutRepeats(summary: AiSummary, unknowns: readonly string[]): AiSummary {
  return { ...summary, unknowns: summary.unknowns.filter(({ text }) => !unknowns.includes(text)) };
}

function claimsOf({ sentence, bullets, unknowns, guidance }: AiSummary) {
  return [sentence, ...bullets, ...unknowns, ...(guidance === undefined ? [] : [guidance])];
}

/** The cited facts, so that a reader can look each of them up: those of the model's words all, however little fits. */
function sourcesOf(
  facts: ReleaseFacts,
  risk: Risk,
  cited: { readonly claims: ReadonlySet<string>; readonly reasons: ReadonlySet<string> },
  { reasons }: Lengths,
  known: ReadonlySet<string>,
): { readonly sources: readonly Fact[]; readonly cut: number } {
  const byRules = { ...risk, reasons: risk.reasons.filter(({ rule }) => rule !== 'model') };
  const all = factsOf(facts, byRules);
  const ofClaims = all.filter(({ id }) => cited.claims.has(id));
  const ofReasons = all.filter(({ id }) => cited.reasons.has(id) && !cited.claims.has(id));
  const longest = 60 + Math.ceil((100 * reasons) / fullest.reasons);
  const kept = [...ofClaims, ...ofReasons.slice(0, 2 * reasons)];
  return {
    sources: kept.map((fact) => {
      const text = fact.untrusted === true ? quotable(fact.text, known) : fact.text;
      return { ...fact, text: clamp(oneLine(text), longest) };
    }),
    cut: ofClaims.length + ofReasons.length - kept.length,
  };
}

function bytesOf(analysis: Analysis): number {
  return Buffer.byteLength(JSON.stringify(analysis), 'utf8');
}
