import { parseArgs } from 'node:util';
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
  notes: { type: 'string' },
  advisories: { type: 'string' },
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  'node-class': { type: 'string' },
  watch: { type: 'boolean' },
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
  return new CommandError(cause instanceof Error ? cause.message : String(cause), 2, { cause });
}
