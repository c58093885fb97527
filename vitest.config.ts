import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Three fill the smallest machine we build on: one waits for a clock, mostly. Slow tests are
    // slow there, not broken.
    maxWorkers: 3,
    // What runs side by side within a file waits for clocks, mostly.
    maxConcurrency: 10,
    testTimeout: 480_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'machines/**/*.ts'],
      exclude: [
        // Types alone: there is nothing to run in them.
        'src/domain/{json,market-data,order,ports,records,signal}.ts',
        'src/**/*.d.ts',
        // The first file of the process: run by test/cli as a process of its own.
        'src/cli/main.ts',
      ],
      reporter: ['text-summary', 'html'],
      thresholds: { lines: 90 },
    },
  },
});
