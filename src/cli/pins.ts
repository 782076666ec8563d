import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { findPins } from '../pins/find-pins.ts';
import { listPins } from '../pins/list-pins.ts';
import { movePin } from '../pins/move-pin.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';

/**
 * `pins list [--json] PATH…` and `pins set FILE:LINE VALUE`.
 * @throws CommandError (1) when a file was refused, after the rows of all others; or when a pin cannot be set safely.
 */
export async function pins(
  [what, ...rest]: readonly string[],
  output: Output,
  asJson: boolean,
): Promise<void> {
  if (what === 'list') await list(rest.length === 0 ? ['.'] : rest, output, asJson);
  else if (what === 'set') await set(rest, output);
  else
    throw new CommandError('Use: amiable pins list PATH…, or amiable pins set FILE:LINE VALUE', 2);
}

async function list(
  paths: readonly string[],
  { out, err }: Output,
  asJson: boolean,
): Promise<void> {
  const found = (await Promise.all(paths.map(filesUnder))).flat();
  const files = new Map(found.map((file) => [file.path, file]));
  const rows = [];
  let refused = 0;
  for (const { path, named } of files.values()) {
    const content = await readFile(path);
    if (!named && isBinary(content)) continue;
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
  if (refused > 0) {
    throw new CommandError(`${refused} ${refused === 1 ? 'file was' : 'files were'} not read.`, 1);
  }
}

/** As Git judges it: a picture in a repository is not a pin that was missed. */
function isBinary(content: Uint8Array): boolean {
  return content.subarray(0, 8_000).includes(0);
}

async function set([place, value]: readonly string[], { out }: Output): Promise<void> {
  const [, file, line] = /^(.+):(\d+)$/.exec(place ?? '') ?? [];
  if (file === undefined || line === undefined || value === undefined) {
    throw new CommandError('Use: amiable pins set FILE:LINE VALUE', 2);
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
  const moved = movePin(file, content, pin, value);
  if (moved.kind === 'refused') throw new CommandError(`${place}: ${moved.reason}`);
  await writeFile(file, moved.content);
  out(`${place}  ${pin.value} → ${value}`);
}

/** Files below a folder, without what Git and package managers keep; a file is itself, and `named`. */
async function filesUnder(
  path: string,
): Promise<readonly { readonly path: string; readonly named: boolean }[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new CommandError(`${path} does not exist.`, 2, { cause });
  });
  if (!found.isDirectory()) return [{ path, named: true }];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/(^|\/)(\.git|node_modules|\.terraform)\//.test(relative(path, file)))
    .sort()
    .map((file) => ({ path: file, named: false }));
}
