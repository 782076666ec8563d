import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file whole or not at all: a process that is killed meanwhile leaves the old one. */
export function writeWhole(path: string, text: string, mode = 0o644): void {
  writeFileSync(`${path}.new`, text, { mode });
  renameSync(`${path}.new`, path);
}
