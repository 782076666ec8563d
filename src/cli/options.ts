import { parseArgs } from 'node:util';
import { didYouMean } from '../config/nearest.ts';
import { CommandError } from './output.ts';

/** Every option of every command; `--config` is `amiable.yaml` where a command needs one. */
const known = {
  config: { type: 'string', short: 'c' },
  json: { type: 'boolean' },
  explain: { type: 'boolean' },
  region: { type: 'string' },
  kubernetes: { type: 'string' },
  family: { type: 'string' },
  type: { type: 'string' },
  notes: { type: 'string', multiple: true },
  advisories: { type: 'string' },
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  'node-class': { type: 'string' },
  watch: { type: 'boolean' },
  brake: { type: 'boolean' },
  rollback: { type: 'boolean' },
  since: { type: 'string' },
  until: { type: 'string' },
  format: { type: 'string' },
  anchor: { type: 'string' },
  out: { type: 'string' },
  reason: { type: 'string' },
  clusters: { type: 'string' },
  port: { type: 'string' },
  speed: { type: 'string' },
  data: { type: 'string' },
  fresh: { type: 'boolean' },
  verbose: { type: 'boolean' },
  clock: { type: 'string' },
  kill: { type: 'string' },
  stop: { type: 'string' },
  version: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export type Options = ReturnType<typeof readOptions>['options'];

/**
 * Reads a command line.
 * @throws CommandError (2) for an option that does not exist: a typing error must not pass for a wish.
 */
export function readOptions(argv: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: known,
    });
    return { options: values, positionals };
  } catch (cause) {
    throw wrongUse(cause);
  }
}

function wrongUse(cause: unknown): CommandError {
  return new CommandError(whyRefused(cause), 2, { cause });
}

/** Node's reasons in one sentence each; its own words advise what does not help here. */
function whyRefused(cause: unknown): string {
  if (!(cause instanceof Error && 'code' in cause)) return String(cause);
  const [, option = ''] = /'(?:-\w, )?(--?[^'\s]*)/.exec(cause.message) ?? [];
  if (cause.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const meant = didYouMean(option, optionNames);
    return `There is no option ${option}.${meant === '' ? ' amiable --help lists them.' : meant}`;
  }
  return cause.message.includes('does not take')
    ? `${option} takes no value.`
    : `${option} needs a value${cause.message.includes('ambiguous') ? '; one that begins with a dash is written with =' : ''}.`;
}

/** Without those that only the sandbox gives to its service. */
const optionNames = Object.keys(known)
  .filter((name) => !['clock', 'kill', 'stop'].includes(name))
  .map((name) => `--${name}`);
