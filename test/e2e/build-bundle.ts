import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { chromiumPath } from './chromium.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the bundle that these tests run. */
    bundle: string;
    /** Where Chromium is; empty where there is none. */
    chromium: string;
  }
}

const bundle = 'build-e2e';

/** Builds what people run, once for all tests: the page and the service come out of the same bundle. */
export function setup(project: TestProject): void {
  const found = chromiumPath();
  if (found === undefined) {
    const told = 'No Chromium was found (CHROMIUM names one): the browser tests';
    if (process.env['CI'] === 'true') throw new Error(`${told} cannot run.`);
    console.warn(`${told} are skipped.`);
  } else execFileSync(process.execPath, ['scripts/bundle.mjs', bundle], { stdio: 'inherit' });
  project.provide('bundle', bundle);
  project.provide('chromium', found ?? '');
}

export function teardown(): void {
  rmSync(bundle, { recursive: true, force: true });
}
