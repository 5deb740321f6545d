import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/** Keeps compiled code in the data directory: 800 files load in 0.5 s instead of 2 s. */
export function setCompileCache(dataDir: string): void {
  enableCompileCache(join(dataDir, 'compile-cache'));
}
