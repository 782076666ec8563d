import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SandboxDataError } from './sandbox-data-error.ts';
import { writeWhole } from './write-whole.ts';

/** Says that the sandbox made this folder, and may empty it. */
const marker = '.amiable-sandbox';

/** All that a sandbox keeps; `clock.json` alone marks a folder of a sandbox that did not write the marker yet. */
const ours = [
  'amiable.yaml',
  'amiable.env',
  'clock.json',
  'aws',
  'dynamodb',
  'github',
  'kubernetes',
  'slack',
];

/**
 * Makes the sandbox's folder, or takes the one it made before; `fresh` empties it first.
 * @returns whether an earlier run's data is in it, to go on from.
 * @throws SandboxDataError when somebody else's files are there: nothing was touched then.
 */
export function prepareDataFolder(folder: string, { fresh }: { readonly fresh: boolean }): boolean {
  const found = entriesOf(folder).filter((name) => !/\.(new|tmp)$/.test(name));
  const isOurs =
    found.includes(marker) ||
    (found.includes('clock.json') && found.every((name) => ours.includes(name)));
  if (found.length > 0 && !isOurs) {
    throw new SandboxDataError(
      `${folder} holds files that the sandbox did not make (${found.slice(0, 3).join(', ')}${found.length > 3 ? ', …' : ''}). Nothing was touched. Name an empty or a new folder: --data DIR.`,
    );
  }
  // What somebody put beside our files stays, whatever happens to ours.
  if (fresh) {
    for (const name of ours) rmSync(join(folder, name), { recursive: true, force: true });
  }
  mkdirSync(folder, { recursive: true });
  writeWhole(join(folder, marker), 'The sandbox of Amiable keeps its data here.\n');
  return !fresh && found.includes('clock.json');
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw new SandboxDataError(`${folder} cannot be used as a folder. Name another: --data DIR.`, {
      cause,
    });
  }
}
