import { z } from 'zod';
import { loadDynalite } from './load-dynalite.ts';

const causeCode = z.object({ cause: z.object({ code: z.string() }) });

/**
 * Opens and closes the database before the emulator does, with the emulator's own LevelDB: where another process holds
 * it, the emulator answers nothing and dies on its first request instead of saying so.
 * @throws Error that names the folder and its lock.
 */
export async function refuseLocked(path: string): Promise<void> {
  const { Level } = loadDynalite();
  const database = new Level(path);
  try {
    await database.open();
  } catch (cause) {
    const parsed = causeCode.safeParse(cause);
    throw parsed.data?.cause.code === 'LEVEL_LOCKED'
      ? new Error(
          `The record store in ${path} is in use by another process: it holds ${path}/LOCK`,
          {
            cause,
          },
        )
      : new Error(`The record store in ${path} cannot be opened`, { cause });
  }
  await database.close();
}
