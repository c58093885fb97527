import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Two workers fill the smallest machine we build on; slow tests are slow there, not broken.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'machines/**/*.ts'],
      // Types alone: there is nothing to run in them.
      exclude: ['src/domain/{json,market-data,order,ports,records,signal}.ts', 'src/**/*.d.ts'],
      reporter: ['text-summary', 'html'],
    },
  },
});
