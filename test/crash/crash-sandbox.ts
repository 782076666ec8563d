import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { type KillOrder, KillOrders } from './kill-orders.ts';

/** Folder of the bundle that is killed. */
export const bundle = 'build-crash';

/** A minute there takes a fifth of a second here. */
const speed = 300;

export type CrashSandbox = Sandbox & {
  readonly orders: KillOrders;
  /** The service's log, oldest line first. */
  readonly log: readonly string[];
};

/** Stand-ins in this process, the bundle's service in another, which dies as ordered and is started again. */
export async function startCrashSandbox(orders: readonly KillOrder[] = []): Promise<CrashSandbox> {
  const dataDir = mkdtempSync(join(tmpdir(), 'amiable-crash-'));
  const kills = new KillOrders(orders);
  const log: string[] = [];
  const sandbox = await startSandbox({
    dataDir,
    fresh: true,
    speed,
    serviceCommand: [process.execPath, resolve(bundle, 'cli.mjs'), 'sandbox-service'],
    serviceArguments: () => kills.arguments(),
    environment: { PATH: process.env['PATH'] },
    onLine(line) {
      kills.heard(line);
      log.push(line);
    },
  });
  kills.loseReplies(sandbox.standIns, () => {
    void sandbox.service.kill();
  });
  return {
    ...sandbox,
    orders: kills,
    log,
    async stop() {
      await sandbox.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
