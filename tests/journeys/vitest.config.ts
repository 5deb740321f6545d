import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('../../', import.meta.url).pathname,
    globalSetup: ['tests/journeys/support/stage.ts'],
    include: ['tests/journeys/**/*.test.ts'],
    // One stage, one story after another: article before question, because the question is about the article.
    fileParallelism: false,
    pool: 'forks',
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
