/** What is wrong with one key. */
export type ConfigError = {
  /** The key, such as `environments[0].waves[1]`; empty for the file as a whole. */
  readonly path: string;
  /** A sentence that follows the key: what was given and what is allowed. Never a secret. */
  readonly message: string;
  /** 1-based, where the key or what should hold it is written; absent when the file says nothing of it. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
};

/** One thing found, before it is known where it stands in the file. */
export type Finding = { readonly path: readonly PropertyKey[]; readonly message: string };

/** Thrown when the configuration cannot be used; its message lists every error, one a line. */
export class ConfigInvalidError extends Error {
  override readonly name = 'ConfigInvalidError';
  readonly errors: readonly ConfigError[];

  constructor(file: string, errors: readonly ConfigError[], cause?: unknown) {
    super(
      [`${file} cannot be used:`, ...errors.map((error) => configErrorLine(file, error))].join(
        '\n',
      ),
      cause === undefined ? {} : { cause },
    );
    this.errors = errors;
  }
}

/** `amiable.yaml:12:9 environments[0].mode: "marge" is not allowed: …`, so that editors can jump to it. */
export function configErrorLine(
  file: string,
  { path, message, line, column }: ConfigError,
): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  return path === '' ? `${place}: ${message}` : `${place} ${path}: ${message}`;
}

/** Spells a path: `clusters[3].api.token`. */
export function spellPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${spellKey(String(part))}`,
    )
    .join('');
}

// A key from the file may be anything: it is kept on one line and short, as it ends up in logs and terminals.
function spellKey(key: string): string {
  return /^[\w-]{1,60}$/.test(key) ? key : JSON.stringify(key.slice(0, 60));
}
