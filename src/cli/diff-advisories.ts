import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Advisory, indexAdvisories } from '../analysis/advisory.ts';
import { parseBottlerocketAdvisory } from '../analysis/bottlerocket-advisory.ts';
import type { KitFeed } from '../analysis/bottlerocket-facts.ts';
import { alasPackages } from '../analysis/cves-fixed.ts';
import type { Feed } from '../analysis/eks-facts.ts';
import { updateinfoReader } from '../analysis/updateinfo.ts';
import { CommandError } from './output.ts';

const unpack = promisify(gunzip);

/** Largest updateinfo.xml that is unpacked, in bytes. */
const maxUnpacked = 500_000_000;

const notGiven = {
  status: 'unavailable',
  reason: 'no advisories were given (--advisories).',
} as const;

/**
 * Amazon Linux 2023's advisories: its `updateinfo.xml`, as it is or gzipped.
 * @param type an EKS AMI type: what is compared.
 * @throws CommandError (1) when it cannot be read, holds no advisory or another system's: that must not read as "none fixed".
 */
export async function alasFeed(file: string | undefined, type: string): Promise<Feed> {
  if (file === undefined) return notGiven;
  const xml = await unpacked(file);
  const system = type.startsWith('AL2_') ? 'Amazon Linux 2' : 'Amazon Linux 2023';
  if (!systemsIn(file, xml).includes(system)) throw anotherSystems(file, xml, system);
  const read = (await advisoriesIn(file, xml, alasPackages)).filter(({ id }) =>
    id.startsWith('ALAS2023'),
  );
  return { status: 'read', index: indexAdvisories(read) };
}

const systems = [
  ['Amazon Linux 2023', /<id>ALAS2023/],
  ['Amazon Linux 2', /<id>ALAS2?(?:-|[A-Z])/],
  ['Bottlerocket', /<id>BRSA-|github\.com\/bottlerocket-os\//],
] as const;

/** Whose advisories an `updateinfo.xml` has. @throws CommandError (1) when it has none. */
function systemsIn(file: string, xml: string): readonly (typeof systems)[number][0][] {
  if (!/<update [^>]*\btype="security"/.test(xml)) {
    throw new CommandError(`${file} holds no security advisories.`, 1);
  }
  return systems.filter(([, mark]) => mark.test(xml)).map(([system]) => system);
}

function anotherSystems(file: string, xml: string, wanted: string): CommandError {
  const found = systemsIn(file, xml).join(' and ');
  return new CommandError(
    `The advisories in ${file} are for another system${found === '' ? '' : `, ${found}`}: not for ${wanted}.`,
    1,
  );
}

/**
 * Bottlerocket's advisories: its `updateinfo.xml`, as it is or gzipped, or the folders `advisories` of both kits'
 * repositories below one folder, where the kit is told by the path.
 * @throws CommandError (1) when it cannot be read.
 */
export async function kitFeed(folder: string | undefined): Promise<KitFeed> {
  if (folder === undefined) return notGiven;
  const found = await stat(folder).catch((cause: unknown) => {
    throw new CommandError(`${folder} cannot be read.`, 1, { cause });
  });
  if (!found.isDirectory()) return kitsInFile(folder);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /^(?:BRSA|GHSA)-.*\.toml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const advisories = await Promise.all(
    files.map(async (file) => {
      const kit = /(core|kernel)-kit(?!.*(?:core|kernel)-kit)/.exec(file)?.[1];
      if (kit !== 'core' && kit !== 'kernel') return undefined;
      return parseBottlerocketAdvisory(await readFile(file, 'utf8'), `bottlerocket-${kit}-kit`);
    }),
  );
  const read = advisories.filter((one) => one !== undefined);
  if (read.length === 0) throw new CommandError(`${folder} holds no advisories of the kits.`, 1);
  return { status: 'read', advisories: read, unreadable: advisories.length - read.length };
}

async function kitsInFile(file: string): Promise<KitFeed> {
  const xml = await unpacked(file);
  const isOurs = systemsIn(file, xml).includes('Bottlerocket');
  const all = await advisoriesIn(file, xml);
  if (!isOurs) throw anotherSystems(file, xml, 'Bottlerocket');
  const advisories = all.filter(({ kit }) => kit !== undefined);
  if (advisories.length > 0) return { status: 'read', advisories, unreadable: 0 };
  const reason = `${file} names no kit, so it is older than Bottlerocket's kits.`;
  return { status: 'unavailable', reason };
}

/** @throws CommandError (1) for a file that is cut short: it would read as less than there is. */
async function advisoriesIn(
  file: string,
  xml: string,
  wanted?: ReadonlySet<string>,
): Promise<readonly Advisory[]> {
  const read = async () => {
    const reader = updateinfoReader(wanted);
    reader.push(xml);
    return reader.end();
  };
  return read().catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(`${file} cannot be read: ${why}.`, 1, { cause });
  });
}

async function unpacked(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    const isFolder = cause instanceof Error && 'code' in cause && cause.code === 'EISDIR';
    const why = isFolder ? 'is a folder, and updateinfo.xml is one file' : 'cannot be read';
    throw new CommandError(`${file} ${why}.`, 1, { cause });
  });
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('utf8');
  const whole = await unpack(bytes, { maxOutputLength: maxUnpacked }).catch((cause: unknown) => {
    throw new CommandError(`${file} cannot be unpacked.`, 1, { cause });
  });
  return whole.toString('utf8');
}
