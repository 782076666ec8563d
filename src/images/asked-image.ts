/** What somebody asks about: images by their release, or nodes by the kernel or the NVIDIA driver that they run. */
export type AskedImage = {
  /** `any`: the words do not say which of the three, such as `6.12`. */
  readonly by: 'release' | 'kernel' | 'driver' | 'any';
  readonly text: string;
};

/** What a node runs, as far as it is known. */
export type Runs = {
  readonly release?: string;
  /** Such as `6.12.118-147.190.amzn2023.x86_64`. */
  readonly kernel?: string;
  /** Of NVIDIA: a version such as `580.95.05`, or its branch alone, such as `580`; null: there is none in such an image. */
  readonly driver?: string | null;
};

/** Reads `al2023@v20251120`, `kernel 6.12`, `driver 580`, `6.12.118`; `undefined` when it is too short to mean anything. */
export function askedImage(typed: string): AskedImage | undefined {
  const words = typed.trim().slice(0, 100).toLowerCase();
  const [, kind, named] = /^(release|kernel|driver|nvidia)[\s:=]+(\S.*)$/.exec(words) ?? [];
  const text = named ?? words;
  if (kind === 'kernel' || kind === 'driver' || kind === 'nvidia') {
    const by = kind === 'kernel' ? 'kernel' : 'driver';
    return /^[rv]?\d/.test(text) ? { by, text: text.replace(/^[rv]/, '') } : undefined;
  }
  // A kind alone, or a slip such as `kernal 6.12`, must not be answered by "no node runs it".
  if (text.length < 3 || !/[\d@]|^(al2|bottlerocket|windows|ubuntu)/.test(text)) return undefined;
  if (/^[a-z]+\s/.test(text)) return undefined;
  // Eight digits are a release's date.
  const isVersion = /^\d{1,7}(\.\d+)*([.-]\S*)?$/.test(text);
  return { by: kind === undefined && isVersion ? 'any' : 'release', text };
}

/**
 * Whether a node runs what was asked for. A version counts by its numbers: `6.1` is no `6.12`.
 * @returns `unknown` when what was asked about is not known of the node.
 */
export function runsAsked({ by, text }: AskedImage, runs: Runs): boolean | 'unknown' {
  const said = {
    release: runs.release === undefined ? 'unknown' : runs.release.toLowerCase().includes(text),
    kernel: runs.kernel === undefined ? 'unknown' : isOf(runs.kernel, text),
    driver: runs.driver === undefined ? 'unknown' : isOf(runs.driver ?? '', text),
  } as const;
  if (by !== 'any') return said[by];
  const answers = Object.values(said);
  if (answers.includes(true)) return true;
  return answers.includes('unknown') ? 'unknown' : false;
}

function isOf(version: string, asked: string): boolean {
  const begun = asked.replace(/[.-]$/, '');
  return version.startsWith(begun) && !/^\d/.test(version.slice(begun.length));
}
