import { type PatternToken, parseFilePattern } from './parse-file-pattern.ts';

/** What a path says about whose file it is; what the pattern does not say is absent. */
export type FileBinding = {
  readonly environment?: string;
  readonly cluster?: string;
  /** All environments whose clusters read the file; then the other two are absent. */
  readonly environments?: readonly string[];
};

/** A pattern of `repositories[].files`, read, with the names it gives outright. */
export type FilePattern = FileBinding & {
  readonly pattern: string;
  readonly tokens: readonly PatternToken[];
};

/** Git allows longer paths; a file there is no manifest of ours. In UTF-16 code units. */
const longestPath = 1024;

/** @throws Error when it is no pattern: the schema has looked before. */
export function filePattern(pattern: string, names: FileBinding = {}): FilePattern {
  const result = parseFilePattern(pattern);
  if (!result.ok) throw new Error(`${pattern} must be ${result.allowed}.`);
  return { ...names, pattern, tokens: result.tokens };
}

/**
 * Whose file this is, by the first pattern that matches; `undefined`: by none, so it is not watched. Names taken from
 * the path may be unknown to the configuration. Time is linear in the path's length, whatever the pattern.
 */
export function bindFile(
  { files }: { readonly files: readonly FilePattern[] },
  path: string,
): FileBinding | undefined {
  if (path.length > longestPath) return undefined;
  for (const { tokens, environment, cluster, environments } of files) {
    const found = matchFrom(tokens, path, 0, 0, new Set());
    if (found === undefined) continue;
    return {
      ...(environments === undefined ? {} : { environments }),
      ...(environment === undefined ? {} : { environment }),
      ...(cluster === undefined ? {} : { cluster }),
      ...found,
    };
  }
  return undefined;
}

// `failed` holds every (token, position) that led nowhere, so each is tried once: no pattern can make this explode.
function matchFrom(
  tokens: readonly PatternToken[],
  path: string,
  index: number,
  at: number,
  failed: Set<number>,
): FileBinding | undefined {
  const token = tokens[index];
  if (token === undefined) return at === path.length ? {} : undefined;
  const state = index * (longestPath + 1) + at;
  if (failed.has(state)) return undefined;
  const from = (nextIndex: number, nextAt: number) =>
    matchFrom(tokens, path, nextIndex, nextAt, failed);
  const found = matchToken(token, path, index, at, from);
  if (found === undefined) failed.add(state);
  return found;
}

function matchToken(
  token: PatternToken,
  path: string,
  index: number,
  at: number,
  from: (index: number, at: number) => FileBinding | undefined,
): FileBinding | undefined {
  switch (token.kind) {
    case 'literal':
      return path.startsWith(token.text, at) ? from(index + 1, at + token.text.length) : undefined;
    case 'star': {
      const more = at < path.length && path[at] !== '/';
      return from(index + 1, at) ?? (more ? from(index, at + 1) : undefined);
    }
    case 'folders': {
      const slash = path.indexOf('/', at);
      return from(index + 1, at) ?? (slash === -1 ? undefined : from(index, slash + 1));
    }
    case 'variable': {
      const run = /^[a-z0-9-]{0,63}/.exec(path.slice(at, at + 63))?.[0] ?? '';
      for (let length = run.length; length > 0; length -= 1) {
        const rest = from(index + 1, at + length);
        if (rest !== undefined) return { ...rest, [token.name]: run.slice(0, length) };
      }
      return undefined;
    }
  }
}
