import { defineConfig } from 'vitest/config';

/** One sandbox after the other: two at once would only slow each other down. */
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    include: ['test/crash/**/*.test.ts'],
    globalSetup: ['test/crash/build-bundle.ts'],
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 480_000,
    hookTimeout: 120_000,
  },
});
