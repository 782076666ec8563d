/** What a line of a kit's changelog says of one package. Names and versions are outsiders' text, of a narrow shape. */
export type KitStatement = {
  /** As the kit calls it: `kernel-6.12`, `containerd-2.1`, `kubernetes-1.34`, `runc`, `kmod-nvidia-r580`, `neuron`. */
  readonly name: string;
  /** `patched`: the same version with changes of their own. `dropped`: no longer in the kit. */
  readonly did: 'updated' | 'patched' | 'added' | 'dropped';
  /** Only where the line says so. */
  readonly from?: string;
  readonly to?: string;
};

const version = String.raw`v?(\d{1,6}(?:\.\d{1,9}){1,5}[a-z]?(?:-\d[0-9.]{0,30})?)(?![\w.-]*\w)`;
const name = `[a-z0-9][a-z0-9._+-]{0,60}`;

const kernelMove = new RegExp(`^Update kernels? (?:from (?:to )?${version} )?to ${version}`);
const kernelAdded = /^(Add|Drop|Remove) kernel-?(?: |(?=\d))(\d+\.\d+)\b/;
const nvidiaMove = new RegExp(
  `^Update r(\\d{3}) NVIDIA driver (?:from ${version} )?to ${version}`,
  'i',
);
const nvidiaGone = /^(?:Remove|Drop)\b.*?\br(\d{3})\b.*\bNVIDIA\b/i;
const deviceMove = new RegExp(
  `^Update (?:to )?(neuron|efa|nvlsm)(?: driver)? (?:from ${version} )?(?:to )?${version}(,)?`,
  'i',
);
const move = new RegExp(
  `^(?:Update|Bump) \`?(${name})\`?(?: package)? (?:from \`?${version}\`? )?to \`?${version}`,
);

/** Names that stand in lines without code marks. */
const bare = /(?<![\w`.-])(?:runc|containerd-\d+\.\d+|kubernetes-1\.\d+(?:-1\.\d+)?)(?![\w-])/g;
const ofItsOwn = /^Update `[^`]{1,60}` to [a-z]/;
/** ``Update core libraries: `libpcre`, …``, ``Update to latest versions of `kubernetes` packages``; no other words before a name. */
const list =
  /^(?:Update|Bump|Revert)(?: updates?)?(?: to)?(?: the)?(?: latest)?(?: versions?)?(?: (?:of|for))?(?: [a-z][a-z ]{0,40}:)? ?(?:`|(?=[a-z]+-\d|runc\b))/;
const inCode = new RegExp(`\`(${name})\``, 'g');

/** Reads one line of a kit's changelog, without its references; nothing when it tells of no package. */
export function kitStatements(line: string): readonly KitStatement[] {
  const told = kernelStatement(line) ?? driverStatement(line) ?? versionStatement(line);
  if (told !== undefined) return [told];
  const did = verbOf(line);
  if (did === undefined) return [];
  const names = [...line.matchAll(inCode)].map(([, found = '']) => found);
  const all = names.length > 0 ? names : (line.match(bare) ?? []);
  // What follows "Update `systemd-257` to remove …" are its settings.
  const found = (ofItsOwn.test(line) ? all.slice(0, 1) : all).flatMap(spelledOut);
  return [...new Set(found)].map((one) => ({ name: one, did }));
}

function kernelStatement(line: string): KitStatement | undefined {
  const [, from, to] = kernelMove.exec(line) ?? [];
  if (to !== undefined) {
    const series = seriesIn(to);
    // A line that leaps from one series to another speaks of two packages: only where it arrived is told.
    const same = from !== undefined && seriesIn(from) === series;
    return { name: `kernel-${series}`, did: 'updated', to, ...(same ? { from } : {}) };
  }
  const [, verb, series] = kernelAdded.exec(line) ?? [];
  if (series === undefined) return undefined;
  return { name: `kernel-${series}`, did: verb === 'Add' ? 'added' : 'dropped' };
}

function driverStatement(line: string): KitStatement | undefined {
  const [, branch, before, after] = nvidiaMove.exec(line) ?? [];
  if (branch !== undefined && after !== undefined) {
    return updated(`kmod-nvidia-r${branch}`, before, after);
  }
  const gone = nvidiaGone.exec(line)?.[1];
  if (gone !== undefined) return { name: `kmod-nvidia-r${gone}`, did: 'dropped' };
  const [, device, from, to, several] = deviceMove.exec(line) ?? [];
  if (device === undefined) return undefined;
  // "to 2.24.13.0, and 2.26.10.0": two drivers, and no telling which one a node has.
  return updated(device.toLowerCase(), from, several === undefined ? to : undefined);
}

function versionStatement(line: string): KitStatement | undefined {
  const [, found, from, to] = move.exec(line) ?? [];
  return found === undefined ? undefined : updated(found, from, to);
}

function updated(name: string, from: string | undefined, to: string | undefined): KitStatement {
  return {
    name,
    did: 'updated',
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

/** A setting or a first-party program that only mentions a package says nothing of it. */
function verbOf(line: string): KitStatement['did'] | undefined {
  if (/^(?:Patch|Backport|Include CVE fixes|containerd-\d+\.\d+: )/.test(line)) return 'patched';
  if (ofItsOwn.test(line)) return 'patched';
  if (list.test(line)) return 'updated';
  const isPackage = /\bpackages?\b/.test(line);
  if (isPackage && /^Add\b/.test(line)) return 'added';
  return isPackage && /^(?:Drop|Remove)\b/.test(line) ? 'dropped' : undefined;
}

/** `kubernetes-1.28-1.34` is seven packages. */
function spelledOut(found: string): readonly string[] {
  const [, what, first, last] = /^([a-z-]{1,40})-1\.(\d{1,2})-1\.(\d{1,2})$/.exec(found) ?? [];
  if (what === undefined) return [found];
  const count = Number(last) - Number(first) + 1;
  return count < 1 || count > 20
    ? []
    : Array.from({ length: count }, (_, index) => `${what}-1.${Number(first) + index}`);
}

function seriesIn(text: string): string {
  return text.split(/[.-]/).slice(0, 2).join('.');
}
