import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The service in a process of its own, so that it can be killed and started again. */
export type ServiceChild = {
  isRunning(): boolean;
  pid(): number | undefined;
  start(): void;
  /** Ends it at once, as a crash would. Resolves when it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Asks it to finish and waits; kills it after ten seconds. */
  stop(): Promise<void>;
};

/**
 * @param options.command asked for at each start: a test orders another crash each time.
 * @param options.restart starts it again when it ends by itself, as a platform would.
 * @param options.onLine each line of its log.
 */
export function serviceChild({
  command,
  env,
  restart,
  onLine,
}: {
  readonly command: () => readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly restart: boolean;
  readonly onLine: (line: string) => void;
}): ServiceChild {
  let child: ChildProcess | undefined;
  let wanted = false;

  const start = () => {
    wanted = true;
    const [file = process.execPath, ...args] = command();
    // The channel says nothing, but its end does: a service whose sandbox was killed ends itself.
    const started = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    child = started;
    for (const stream of [started.stdout, started.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', onLine);
    }
    started.once('exit', () => {
      if (child !== started) return;
      child = undefined;
      if (wanted && restart) setTimeout(start, 500);
    });
  };

  const ended = (of: ChildProcess) =>
    of.exitCode !== null || of.signalCode !== null
      ? Promise.resolve()
      : new Promise<void>((resolve) => {
          of.once('exit', () => resolve());
        });

  return {
    isRunning: () => child !== undefined,
    pid: () => child?.pid,
    start,
    async kill(signal = 'SIGKILL') {
      const running = child;
      if (running === undefined) return;
      const gone = ended(running);
      running.kill(signal);
      if (signal === 'SIGKILL') await gone;
    },
    async stop() {
      wanted = false;
      const running = child;
      if (running === undefined) return;
      const gone = ended(running);
      running.kill('SIGTERM');
      const timer = setTimeout(() => running.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(timer);
    },
  };
}
