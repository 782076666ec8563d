import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { emptyState, type State } from './state.ts';

/** Writes the state as JSON, whole or not at all. `parseState` reads it back. */
function printState(state: State): string {
  return JSON.stringify(state, (_key, value: unknown) => {
    if (value instanceof Map) return { $map: [...value] };
    if (value instanceof Set) return { $set: [...value] };
    return value;
  });
}

/** Reads what `printState` wrote; trusted, since only we write it. */
function parseState(text: string): State {
  return JSON.parse(
    text,
    (_key, value: { $map?: [unknown, unknown][]; $set?: unknown[] } | null) => {
      if (value !== null && Array.isArray(value?.$map)) return new Map(value.$map);
      if (value !== null && Array.isArray(value?.$set)) return new Set(value.$set);
      return value;
    },
  ) as State;
}

export function loadState(path: string | undefined): State {
  if (path === undefined || !existsSync(path)) return emptyState();
  return parseState(readFileSync(path, 'utf8'));
}

export function saveState(path: string, state: State): void {
  writeFileSync(`${path}.tmp`, printState(state));
  renameSync(`${path}.tmp`, path);
}
