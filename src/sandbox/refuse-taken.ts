import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { refuseLocked } from '../adapters/dynamodb/level-lock.ts';
import { SandboxDataError } from './sandbox-data-error.ts';

/**
 * Keeps two sandboxes out of one folder: the second, with `fresh`, would empty it under the first.
 * @throws SandboxDataError when another process works there: nothing was touched then.
 */
export async function refuseTaken(folder: string): Promise<void> {
  const store = join(folder, 'dynamodb');
  if (!existsSync(store)) return;
  await refuseLocked(store).catch((cause: unknown) => {
    if (!isLocked(cause)) return; // Broken or not yet a store: whoever opens it says so.
    throw new SandboxDataError(
      `A sandbox is running in ${folder} already. Nothing was touched. End it first, or name another folder: --data DIR.`,
      { cause },
    );
  });
}

function isLocked(cause: unknown): boolean {
  return cause instanceof Error && cause.message.includes('in use by another process');
}
