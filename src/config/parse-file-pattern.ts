export type PatternToken =
  | { readonly kind: 'literal'; readonly text: string }
  /** `*`: any characters but a slash, also none. */
  | { readonly kind: 'star' }
  /** A `**` between slashes: any folders, also none. */
  | { readonly kind: 'folders' }
  /** `{environment}` or `{cluster}`: a name, the whole run that the neighbouring text leaves for it. */
  | { readonly kind: 'variable'; readonly name: 'environment' | 'cluster' };

const longestPattern = 300;

/** Reads a pattern, or says in a phrase that completes "must be …" what it should be. */
export function parseFilePattern(
  pattern: string,
):
  | { readonly ok: true; readonly tokens: readonly PatternToken[] }
  | { readonly ok: false; readonly allowed: string } {
  const no = (allowed: string) => ({ ok: false, allowed }) as const;
  if (pattern === '' || pattern.length > longestPattern) {
    return no(`a path pattern of 1 to ${longestPattern} characters`);
  }
  const segments = pattern.split('/');
  if (segments.some((part) => part === '' || part === '.' || part === '..')) {
    return no("relative to the repository's root, without empty, . or .. parts");
  }
  const tokens: PatternToken[] = [];
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    if (segment === '**') {
      tokens.push({ kind: 'folders' });
      if (last) tokens.push({ kind: 'star' });
      continue;
    }
    if (segment.includes('**')) return no('written with ** only as a whole part between slashes');
    const parts = segmentTokens(segment);
    if (parts === undefined) {
      return no('made of plain text, *, **, {environment} and {cluster} only');
    }
    if (isAmbiguous(parts)) {
      return no(
        'unambiguous: in one part between slashes, {environment}, {cluster} and * need a character between them that no name has (such as . or _), and at most one * may stand beside them',
      );
    }
    tokens.push(...parts);
    if (!last) tokens.push({ kind: 'literal', text: '/' });
  }
  const names = tokens.flatMap((token) => (token.kind === 'variable' ? [token.name] : []));
  if (new Set(names).size !== names.length) {
    return no('a pattern with {environment} at most once and {cluster} at most once');
  }
  if (variableBetweenFolders(tokens)) {
    return no('unambiguous: no {environment} or {cluster} between two **');
  }
  return { ok: true, tokens };
}

function segmentTokens(segment: string): PatternToken[] | undefined {
  const tokens: PatternToken[] = [];
  for (const text of segment.split(/(\*|\{environment\}|\{cluster\})/)) {
    if (text === '') continue;
    if (text === '*') tokens.push({ kind: 'star' });
    else if (text === '{environment}') tokens.push({ kind: 'variable', name: 'environment' });
    else if (text === '{cluster}') tokens.push({ kind: 'variable', name: 'cluster' });
    else if (/[?[\]{}!\\]/.test(text)) return undefined;
    else tokens.push({ kind: 'literal', text });
  }
  return tokens;
}

// With these two rules a path has at most one reading, so that a file never belongs to another cluster than it seems.
function isAmbiguous(segment: readonly PatternToken[]): boolean {
  if (segment.every(({ kind }) => kind !== 'variable')) return false;
  if (segment.filter(({ kind }) => kind === 'star').length > 1) return true;
  const flexible = segment.flatMap((token, index) => (token.kind === 'literal' ? [] : [index]));
  return flexible.slice(1).some((to, index) => {
    const between = segment.slice((flexible[index] ?? 0) + 1, to);
    return !between.some((token) => token.kind === 'literal' && /[^a-z0-9-]/.test(token.text));
  });
}

function variableBetweenFolders(tokens: readonly PatternToken[]): boolean {
  const first = tokens.findIndex(({ kind }) => kind === 'folders');
  const last = tokens.findLastIndex(({ kind }) => kind === 'folders');
  if (first === -1) return false;
  return tokens.slice(first, last).some(({ kind }) => kind === 'variable');
}
