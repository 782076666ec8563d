import { readFileSync } from 'node:fs';

/** Reads a file that may be missing, or be only half of what was meant to be written. */
export function readJson(path: string): { readonly json: unknown } | 'absent' | 'unreadable' {
  try {
    return { json: JSON.parse(readFileSync(path, 'utf8')) };
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
      ? 'absent'
      : 'unreadable';
  }
}
