import type { Options } from './options.ts';
import { CommandError } from './output.ts';

type Name = Exclude<keyof Options, 'config' | 'help' | 'version'>;

const steering = { words: 1, options: ['reason'] } as const;

/** What each command reads: how many words behind its name at most, and which options beside `--config`. */
export const readBy: Readonly<
  Record<string, { readonly words: number; readonly options: readonly Name[] }>
> = {
  serve: { words: 0, options: [] },
  check: { words: 0, options: ['explain', 'json'] },
  doctor: { words: 0, options: ['brake'] },
  'config validate': { words: 1, options: [] },
  'config schema': { words: 0, options: [] },
  'table create': { words: 0, options: [] },
  pause: steering,
  resume: steering,
  brake: steering,
  rollback: { words: 1, options: ['reason', 'clusters'] },
  freeze: { words: 0, options: ['reason'] },
  unfreeze: { words: 0, options: ['reason'] },
  where: { words: Infinity, options: ['json', 'rollback', 'reason', 'clusters'] },
  'upgrade-check': { words: 2, options: ['json'] },
  'audit export': { words: 0, options: ['since', 'until', 'format'] },
  'audit verify': { words: 0, options: ['anchor', 'json'] },
  'audit bundle': { words: 1, options: ['json', 'out'] },
  'audit anchor': { words: 0, options: [] },
  'pins list': { words: Infinity, options: ['json'] },
  'pins set': { words: 2, options: [] },
  'pins now': { words: 2, options: [] },
  'images latest': { words: 0, options: ['region', 'kubernetes', 'family', 'json'] },
  'images resolve': { words: 1, options: ['region', 'kubernetes', 'json'] },
  diff: { words: 2, options: ['kubernetes', 'type', 'notes', 'advisories', 'json'] },
  track: { words: 0, options: ['kubeconfig', 'context', 'node-class', 'json', 'watch'] },
  sandbox: { words: 0, options: ['port', 'speed', 'data', 'fresh', 'verbose'] },
  'sandbox-service': { words: 0, options: ['clock', 'kill', 'stop'] },
};

/**
 * What a command does not read must not pass for a wish: `rollback ro_… prod-eu-1`, or `brake --clusters prod-eu-1`, would
 * reach all clusters.
 * @throws CommandError (2)
 */
export function refuseUnread(
  command: string,
  [what = '', ...more]: readonly string[],
  options: Options,
): void {
  const isOfTwo = `${command} ${what}` in readBy;
  const name = isOfTwo ? `${command} ${what}` : command;
  const read = readBy[name];
  // Of a command that does not exist, or of half a one, that is said.
  if (read === undefined) return;
  const word = (isOfTwo || what === '' ? more : [what, ...more])[read.words];
  if (word !== undefined) {
    throw new CommandError(
      read.words === 0
        ? `amiable ${name} takes options only, and ${word} is none.`
        : `amiable ${name} does not read ${word}.`,
      2,
    );
  }
  const known: readonly string[] = ['config', ...read.options];
  const unread = Object.keys(options).find((option) => !known.includes(option));
  if (unread !== undefined) throw new CommandError(`amiable ${name} does not read --${unread}.`, 2);
}
