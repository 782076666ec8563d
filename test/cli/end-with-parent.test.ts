import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';

/** Starts a child as the sandbox does, says its process id, and waits. */
const parent = `
  const { serviceChild } = await import('./src/sandbox/service-child.ts');
  const child = "const { endWithParent } = await import('./src/cli/end-with-parent.ts');" +
    "endWithParent(); setInterval(() => {}, 1000); console.log('waits');";
  const service = serviceChild({
    command: () => [process.execPath, '--import', 'tsx', '--input-type=module', '-e', child],
    env: process.env,
    restart: false,
    onLine: (line) => console.log(line + ' ' + service.pid()),
  });
  service.start();
`;

test('the service ends when its sandbox is killed', { timeout: 120_000 }, async () => {
  const sandbox = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', parent],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const pid = await new Promise<number>((resolve) => {
    createInterface({ input: sandbox.stdout }).on('line', (line) => {
      const found = /^waits (\d+)$/.exec(line)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
  });
  expect(isAlive(pid)).toBe(true);
  sandbox.kill('SIGKILL');
  try {
    await expect.poll(() => isAlive(pid), { timeout: 60_000 }).toBe(false);
  } finally {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  }
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
