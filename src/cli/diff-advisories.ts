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
 * @throws CommandError (1) when it cannot be read, or holds no advisory: that must not read as "none fixed".
 */
export async function alasFeed(file: string | undefined): Promise<Feed> {
  if (file === undefined) return notGiven;
  const xml = await unpacked(file);
  if (!/<update [^>]*\btype="security"/.test(xml)) {
    throw new CommandError(`${file} holds no security advisories.`, 1);
  }
  const read = (await advisoriesIn(file, xml, alasPackages)).filter(({ id }) =>
    id.startsWith('ALAS2023'),
  );
  if (read.length > 0) return { status: 'read', index: indexAdvisories(read) };
  const reason = `${file} holds no advisory of Amazon Linux 2023 for a package that is compared.`;
  return { status: 'unavailable', reason };
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
  const advisories = (await advisoriesIn(file, await unpacked(file))).filter(
    ({ kit }) => kit !== undefined,
  );
  if (advisories.length > 0) return { status: 'read', advisories, unreadable: 0 };
  const reason = `${file} names no kit, so it is not Bottlerocket's, or older than its kits.`;
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
    throw new CommandError(`${file} cannot be read.`, 1, { cause });
  });
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('utf8');
  const whole = await unpack(bytes, { maxOutputLength: maxUnpacked }).catch((cause: unknown) => {
    throw new CommandError(`${file} cannot be unpacked.`, 1, { cause });
  });
  return whole.toString('utf8');
}
