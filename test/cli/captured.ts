import type { Output } from '../../src/cli/output.ts';
import { runCommand } from '../../src/cli/run-command.ts';

/** An output that keeps what is written, a line each. */
export function captured(): Output & { readonly lines: string[]; readonly errors: string[] } {
  const lines: string[] = [];
  const errors: string[] = [];
  return {
    lines,
    errors,
    out: (text) => void lines.push(text),
    err: (text) => void errors.push(text),
  };
}

/** Runs a command line in this process. */
export async function amiable(
  argv: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const output = captured();
  const code = await runCommand(argv, output, env);
  return { code, out: output.lines.join('\n'), err: output.errors.join('\n') };
}
