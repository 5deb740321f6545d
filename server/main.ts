/** `npm start`: everything on a fresh checkout, and an orderly end. */
import { setCompileCache } from './compile-cache.ts';
import { readConfig } from './config.ts';

const started = performance.now();
let config: ReturnType<typeof readConfig>;
try {
  config = readConfig();
} catch (error) {
  console.error((error as Error).message);
  process.exit(78);
}
setCompileCache(config.dataDir);

// Loaded after the compile cache is on: that is most of a second start.
const { serve } = await import('./serve.ts');
await serve(config, started).catch((error: Error) => {
  console.error(`\n启动失败 / start failed: ${error.message}\n`);
  process.exit(1);
});
