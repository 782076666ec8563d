import { plainEnvironment } from './cli/plain-environment.ts';
import { runCommand } from './cli/run-command.ts';

plainEnvironment();

const output = {
  out: (text: string) => void process.stdout.write(`${text}\n`),
  err: (text: string) => void process.stderr.write(`${text}\n`),
};

// `| head` has read enough: nothing is wrong, and nobody listens any more.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EPIPE') throw cause;
    process.exit(0);
  });
}

// Set, not `process.exit`: what is written to a pipe arrives whole. `serve` may have said 1 before.
const exitCode = await runCommand(process.argv.slice(2), output, process.env);
if (exitCode !== 0) process.exitCode = exitCode;

// Whoever hung keeps its connection open for longer than anybody would wait; all that was said has to be out first.
process.stdout.write('', () => {
  setTimeout(() => process.exit(), 1_000).unref();
});
