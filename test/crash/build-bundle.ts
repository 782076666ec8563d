import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { bundle } from './crash-sandbox.ts';

/** Builds what people run, once for all tests: that is what is killed. */
export function setup(): void {
  execFileSync(process.execPath, ['scripts/bundle.mjs', bundle], { stdio: 'inherit' });
}

export function teardown(): void {
  rmSync(bundle, { recursive: true, force: true });
}
