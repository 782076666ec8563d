import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** The repository's root, whatever folder the tests are started in. */
export const root = join(import.meta.dirname, '../..');

export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export function readJson(path: string): unknown {
  return JSON.parse(readText(path));
}

/** The objects of a YAML file. @throws Error for a file that does not parse. */
export function readObjects(path: string): readonly unknown[] {
  return parseAllDocuments(readText(path), { version: '1.2' }).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS();
  });
}

/** TypeScript files below a folder, by path from the root. */
export function sourcesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => `${folder}/${file}`)
    .sort();
}

/** What a pattern's first group catches in these files, each once, sorted. */
export function caughtIn(files: readonly string[], pattern: RegExp): readonly string[] {
  const caught = files.flatMap((file) =>
    [...readText(file).matchAll(pattern)].flatMap(([, group]) => group ?? []),
  );
  return [...new Set(caught)].sort();
}
