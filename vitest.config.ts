import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['tests/support/cluster.ts'],
    include: ['{connectors,sandbox,server,shared,site,staff,bench,tools,tests}/**/*.test.{ts,tsx}'],
    // Browser journeys and other people's servers run on their own, one after another.
    exclude: ['tests/journeys/**', 'tests/servers/**', '**/node_modules/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    // What fails once on a busy machine is a defect to be found, not to be hidden.
    retry: 0,
  },
});
