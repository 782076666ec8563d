import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type RunningSandbox = { readonly url: string; stop(): Promise<void> };

/** `amiable sandbox` as people start it, on a free port and with data of its own. */
export async function startSandboxProcess(bundle: string, speed: number): Promise<RunningSandbox> {
  const data = mkdtempSync(join(tmpdir(), 'amiable-e2e-'));
  const child = spawn(
    process.execPath,
    [
      join(bundle, 'cli.mjs'),
      'sandbox',
      '--fresh',
      '--port',
      '0',
      '--data',
      data,
      '--speed',
      `${speed}`,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const said: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        const found = /^Sandbox: (http:\S+)$/.exec(line)?.[1];
        if (found !== undefined) resolve(found);
      });
    }
    child.once('exit', (code) =>
      reject(new Error(`The sandbox ended with ${code}:\n${said.join('\n')}`)),
    );
  });
  return {
    url,
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      rmSync(data, { recursive: true, force: true });
    },
  };
}
