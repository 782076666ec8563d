import { defineConfig } from 'vitest/config';

/** Each test has a sandbox and a browser of its own, one after the other: two at once would only slow each other down. */
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: ['test/e2e/build-bundle.ts'],
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 420_000,
    hookTimeout: 120_000,
  },
});
