import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findPins } from '../pins/find-pins.ts';
import { listPins } from '../pins/list-pins.ts';
import { movePin, pinNow } from '../pins/move-pin.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';

/**
 * `pins list [--json] PATH…`, `pins set FILE:LINE VALUE`, and for a floating alias `pins now FILE:LINE VALUE`.
 * @throws CommandError (1) when a file was refused, after the rows of all others; or when a pin cannot be set safely.
 */
export async function pins(
  [what, ...rest]: readonly string[],
  output: Output,
  asJson: boolean,
): Promise<void> {
  if (what === 'list') await list(rest.length === 0 ? ['.'] : rest, output, asJson);
  else if (what === 'set' || what === 'now') await set(what, rest, output);
  else
    throw new CommandError(
      'Use: amiable pins list PATH…, amiable pins set FILE:LINE VALUE, or amiable pins now FILE:LINE VALUE',
      2,
    );
}

async function list(
  paths: readonly string[],
  { out, err }: Output,
  asJson: boolean,
): Promise<void> {
  const found = await Promise.all(paths.map(filesUnder));
  const files = new Map(
    found.flatMap((one) => one.files).map((file) => [resolve(file.path), file]),
  );
  const rows = [];
  let refused = 0;
  for (const { path, named } of files.values()) {
    const content = await readFile(path);
    if (!named && !looksLikeManifest.test(path) && isBinary(content)) continue;
    const findings = findPins(path, content);
    if (findings.kind === 'pins') rows.push(...listPins(path, findings));
    else {
      refused += 1;
      err(`${path}: ${findings.reason}`);
    }
  }
  if (asJson) out(JSON.stringify(rows, undefined, 2));
  else {
    for (const { file, line, kind, value, nodeclass, editable, reason } of rows) {
      const of = nodeclass === null ? '' : ` (${nodeclass})`;
      out(`${file}:${line}  ${kind} ${value}${of}  ${editable ? 'can be moved' : reason}`);
    }
  }
  const passedBy = found.flatMap((one) => one.passedBy);
  if (passedBy.length > 0) {
    err(`Passed by: ${passedBy.join(', ')}. Name one to have it looked through.`);
  }
  if (rows.length === 0 && refused === 0) {
    err(files.size === 0 ? 'There are no files to look through.' : 'No pins were found.');
  }
  if (refused > 0) {
    throw new CommandError(`${refused} ${refused === 1 ? 'file was' : 'files were'} not read.`, 1);
  }
}

/** What people pin images in: one that cannot be read is told, not passed by. */
const looksLikeManifest = /\.(?:ya?ml|json|tf|tfvars|hcl|tpl|tmpl|gotmpl|tftpl|toml)$/i;

/** As Git judges it: a picture in a repository is not a pin that was missed. */
function isBinary(content: Uint8Array): boolean {
  return content.subarray(0, 8_000).includes(0);
}

async function set(
  verb: 'set' | 'now',
  [place, value]: readonly string[],
  { out }: Output,
): Promise<void> {
  const [, file, line] = /^(.+):(\d+)$/.exec(place ?? '') ?? [];
  if (file === undefined || line === undefined || value === undefined) {
    throw new CommandError(`Use: amiable pins ${verb} FILE:LINE VALUE`, 2);
  }
  const content = await readFile(file).catch((cause: unknown) => {
    throw new CommandError(`${file} cannot be read.`, 1, { cause });
  });
  const findings = findPins(file, content);
  if (findings.kind === 'refused') throw new CommandError(`${file}: ${findings.reason}`);
  const here = findings.pins.filter((pin) => pin.line === Number(line));
  const [pin] = here;
  if (pin === undefined) throw new CommandError(`${place} holds no pin.`);
  if (here.length > 1)
    throw new CommandError(`${place} holds ${here.length} pins; move them by hand.`);
  const moved = (verb === 'set' ? movePin : pinNow)(file, content, pin, value);
  if (moved.kind === 'refused') {
    const instead =
      verb === 'set' && pin.floating === true
        ? `. To pin it, on purpose: amiable pins now ${place} ${value}`
        : '';
    throw new CommandError(`${file}: ${moved.reason}${instead}`);
  }
  await writeFile(file, moved.content);
  out(`${place}  ${pin.value} → ${value}`);
}

/** What Git and package managers keep; nobody pins an image there. */
const kept = new Set(['.git', 'node_modules', '.terraform']);

/** What is built: a pin there is a copy of one that is written elsewhere. */
const built = /^(dist|build-.*)$/;

type FilesUnder = {
  readonly files: readonly { readonly path: string; readonly named: boolean }[];
  /** Folders of what is built, which were not looked through. */
  readonly passedBy: readonly string[];
};

/** Files below a folder, in order; a file is itself, and `named`. */
async function filesUnder(path: string): Promise<FilesUnder> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new CommandError(`${path} does not exist.`, 2, { cause });
  });
  if (!found.isDirectory()) return { files: [{ path, named: true }], passedBy: [] };
  const files: string[] = [];
  const passedBy: string[] = [];
  const folders = [path];
  for (const folder of folders) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const inside = join(folder, entry.name);
      if (entry.isFile()) files.push(inside);
      else if (!entry.isDirectory() || kept.has(entry.name)) continue;
      else if (built.test(entry.name)) passedBy.push(inside);
      else folders.push(inside);
    }
  }
  return { files: files.sort().map((file) => ({ path: file, named: false })), passedBy };
}
