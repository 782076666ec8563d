import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPins } from '../pins/find-pins.ts';
import { listPins } from '../pins/list-pins.ts';
import { movePin } from '../pins/move-pin.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';

/** `pins list [--json] PATH…` and `pins set FILE:LINE VALUE`. */
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
  const files = (await Promise.all(paths.map(filesUnder))).flat();
  const rows = [];
  for (const file of files) {
    const findings = findPins(file, await readFile(file));
    if (findings.kind === 'refused') err(`${file}: ${findings.reason}`);
    else rows.push(...listPins(file, findings));
  }
  if (asJson) {
    out(JSON.stringify(rows, undefined, 2));
    return;
  }
  for (const { file, line, kind, value, nodeclass, editable, reason } of rows) {
    const of = nodeclass === null ? '' : ` (${nodeclass})`;
    out(`${file}:${line}  ${kind} ${value}${of}  ${editable ? 'can be moved' : reason}`);
  }
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

/** Files below a folder, without what Git and package managers keep; a file is itself. */
async function filesUnder(path: string): Promise<string[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new CommandError(`${path} does not exist.`, 2, { cause });
  });
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/(^|\/)(\.git|node_modules|\.terraform)\//.test(file))
    .sort();
}
