import { runCommand } from './cli/run-command.ts';

const output = {
  out: (text: string) => void process.stdout.write(`${text}\n`),
  err: (text: string) => void process.stderr.write(`${text}\n`),
};

// Set, not `process.exit`: what is written to a pipe arrives whole. `serve` may have said 1 before.
const exitCode = await runCommand(process.argv.slice(2), output, process.env);
if (exitCode !== 0) process.exitCode = exitCode;
