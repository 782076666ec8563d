import { resolve } from 'node:path';
import { z } from 'zod';
import { SandboxDataError } from '../sandbox/sandbox-data-error.ts';
import { startSandbox } from '../sandbox/start-sandbox.ts';
import { isInUse } from './is-in-use.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';

/** A number as it is typed; anything else, such as nothing or `0x1F`, becomes none. */
const typed = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .transform(Number);

const Options = z.object({
  port: typed.pipe(z.number().int().max(65_535)).default(0),
  speed: typed.pipe(z.number().min(0.1).max(10_000)).default(60),
  data: z.string().default('.amiable/sandbox'),
  fresh: z.boolean().default(false),
  verbose: z.boolean().default(false),
});

/** Runs the demonstration until it is interrupted. */
export async function sandbox(
  given: Readonly<Record<string, unknown>>,
  { out, err }: Output,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const options = Options.safeParse(given);
  if (!options.success) throw new CommandError(whyRefused(given, options.error), 2);
  const { port, speed, data, fresh, verbose } = options.data;
  const cli = process.argv[1] ?? '';
  // Said once a process, and nothing that somebody who tries a demonstration could do about.
  environment['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const running = await startSandbox({
    port,
    speed,
    dataDir: resolve(data),
    fresh,
    serviceCommand: [process.execPath, ...process.execArgv, cli, 'sandbox-service'],
    environment,
    onLine: (line) => {
      if (verbose || /"level":(50|60)/.test(line) || !line.startsWith('{')) err(line);
    },
  }).catch((cause: unknown) => {
    if (cause instanceof SandboxDataError) throw new CommandError(cause.message, 1, { cause });
    throw isInUse(cause)
      ? new CommandError(
          `Port ${port} is in use on this machine: name another with --port N, or leave it out for a free one.`,
          1,
          { cause },
        )
      : cause;
  });
  out(`Sandbox: ${running.url}`);
  out(`One minute there takes ${(60 / speed).toFixed(1)} s here. Press Ctrl+C to end it.`);
  if (running.goesOn) out(`It goes on where the last run in ${data} ended; --fresh begins anew.`);
  await new Promise<void>((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
  });
  await running.stop();
}

const allowed: Readonly<Record<string, string>> = {
  port: 'a whole number from 0 to 65535',
  speed: 'a number from 0.1 to 10000',
};

function whyRefused(given: Readonly<Record<string, unknown>>, { issues }: z.ZodError): string {
  const names = new Set(issues.map(({ path: [name] }) => String(name)));
  return [...names]
    .map((name) => `--${name} takes ${allowed[name] ?? 'one value'}, not ${String(given[name])}.`)
    .join('\n');
}
