import { readFile } from 'node:fs/promises';
import { CommandError } from './output.ts';

/**
 * The text of a configuration.
 * @throws CommandError (2) with what to do about it: whoever starts has no configuration yet.
 */
export async function readConfigFile(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const trouble = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new CommandError(
      `${path} ${trouble}: copy amiable.example.yaml to amiable.yaml, or name your configuration with --config FILE.`,
      2,
      { cause },
    );
  });
}
