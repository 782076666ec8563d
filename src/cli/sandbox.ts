import { resolve } from 'node:path';
import { z } from 'zod';
import { startSandbox } from '../sandbox/start-sandbox.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';

const Options = z.object({
  port: z.coerce.number().int().min(0).max(65_535).default(0),
  speed: z.coerce.number().min(0.1).max(10_000).default(60),
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
  if (!options.success) throw new CommandError(z.prettifyError(options.error), 2);
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
  });
  out(`Sandbox: ${running.url}`);
  out(`One minute there takes ${(60 / speed).toFixed(1)} s here. Press Ctrl+C to end it.`);
  await new Promise<void>((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
  });
  await running.stop();
}
