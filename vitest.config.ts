import { defineConfig } from 'vitest/config';

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Each of these has a configuration and a script of its own.
    exclude: ['test/e2e/**', 'test/crash/**', 'test/replicas/**', 'test/bench/**'],
    isolate: false,
    // One core is kept free by default, which halves the pace where there are two.
    maxWorkers: '100%',
    testTimeout: 20_000,
  },
});
