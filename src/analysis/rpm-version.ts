/** Epoch, version and release of a package. The release is empty where it is not told. Parts: taken apart once. */
export type Evr = {
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly versionParts: readonly string[];
  readonly releaseParts: readonly string[];
};

/** Takes `[epoch:]version[-release]` apart; no epoch is epoch 0. */
export function evrOf(text: string): Evr {
  const [, epoch = '', rest = ''] = /^(?:(\d*):)?(.*)$/s.exec(text) ?? [];
  const dash = rest.lastIndexOf('-');
  const version = dash === -1 ? rest : rest.slice(0, dash);
  const release = dash === -1 ? '' : rest.slice(dash + 1);
  return {
    epoch: epoch || '0',
    version,
    release,
    versionParts: segmentsOf(version),
    releaseParts: segmentsOf(release),
  };
}

/**
 * Orders two EVRs as RPM does: negative when `a` is older. A release that one side lacks is not compared, as in a
 * dependency without one.
 */
export function compareEvr(a: Evr, b: Evr): number {
  return (
    rpmvercmp(a.epoch, b.epoch) ||
    compareParts(a.versionParts, b.versionParts) ||
    (a.release === '' || b.release === '' ? 0 : compareParts(a.releaseParts, b.releaseParts))
  );
}

/**
 * Orders two version (or release) strings: -1, 0 or 1. Digits compare as numbers and beat letters, `~` sorts before the
 * end, `^` after it but before anything else, other signs only separate. Source: rpm, rpmio/rpmvercmp.cc.
 */
export function rpmvercmp(a: string, b: string): -1 | 0 | 1 {
  return a === b ? 0 : compareParts(segmentsOf(a), segmentsOf(b));
}

function compareParts(left: readonly string[], right: readonly string[]): -1 | 0 | 1 {
  for (let index = 0; ; index += 1) {
    const [one, two] = [left[index], right[index]];
    if (one === undefined && two === undefined) return 0;
    if (one === '~' || two === '~') {
      if (one !== '~') return 1;
      if (two !== '~') return -1;
      continue;
    }
    if (one === '^' || two === '^') {
      if (one === undefined) return -1;
      if (two === undefined) return 1;
      if (one !== '^') return 1;
      if (two !== '^') return -1;
      continue;
    }
    if (one === undefined) return -1;
    if (two === undefined) return 1;
    const order = compareSegments(one, two);
    if (order !== 0) return order;
  }
}

function segmentsOf(text: string): readonly string[] {
  return text.match(/[0-9]+|[A-Za-z]+|[~^]/g) ?? [];
}

function compareSegments(a: string, b: string): -1 | 0 | 1 {
  const [numeric, numericToo] = [isDigit(a), isDigit(b)];
  if (numeric !== numericToo) return numeric ? 1 : -1;
  const [one, two] = numeric ? [a.replace(/^0+/, ''), b.replace(/^0+/, '')] : [a, b];
  if (numeric && one.length !== two.length) return one.length > two.length ? 1 : -1;
  if (one === two) return 0;
  return one > two ? 1 : -1;
}

function isDigit(text: string): boolean {
  const code = text.charCodeAt(0);
  return code >= 0x30 && code <= 0x39;
}
