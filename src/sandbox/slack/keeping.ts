import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SlackFile } from './files.ts';
import type { SlackMessage } from './messages.ts';
import type { ShownView } from './views.ts';
import type { SlackChannel } from './workspace.ts';

/** What outlives the stand-in. Ephemeral messages and open modals vanish, as they do when a client reloads. */
export type Kept = {
  readonly newest: number;
  readonly messages: readonly SlackMessage[];
  readonly directMessages: readonly SlackChannel[];
  readonly homes: readonly ShownView[];
  readonly files: readonly SlackFile[];
};

const nothing: Kept = { newest: 0, messages: [], directMessages: [], homes: [], files: [] };

/** Reads and writes `slack.json` in a folder; without a folder nothing is kept. */
export function createKeeping(folder: string | undefined, snapshot: () => Kept) {
  let due = false;
  const path = folder === undefined ? undefined : join(folder, 'slack.json');
  const write = () => {
    if (!due || path === undefined) return;
    due = false;
    // A half-written file must never be read: written beside it, then renamed.
    writeFileSync(`${path}.new`, JSON.stringify(snapshot(), bytesAsText));
    renameSync(`${path}.new`, path);
  };
  return {
    /** Writes soon; many changes in a row make one write. */
    changed() {
      if (path === undefined || due) return;
      due = true;
      setImmediate(write);
    },
    flush: write,
  };
}

/** What was kept in a folder, or nothing. Makes the folder. */
export function readKept(folder: string | undefined): Kept {
  if (folder === undefined) return nothing;
  mkdirSync(folder, { recursive: true });
  try {
    return JSON.parse(readFileSync(join(folder, 'slack.json'), 'utf8'), textAsBytes) as Kept;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return nothing;
    throw error;
  }
}

function bytesAsText(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value;
}

function textAsBytes(key: string, value: unknown): unknown {
  const text = (value as { base64?: unknown } | null)?.base64;
  return key === 'bytes' && typeof text === 'string'
    ? new Uint8Array(Buffer.from(text, 'base64'))
    : value;
}
