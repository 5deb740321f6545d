import type { Config } from '#server/config.ts';
import type { Database } from './database.ts';
import type { Failpoints } from './failpoints.ts';
import type { FileStore } from './files.ts';
import type { Jobs } from './jobs.ts';
import type { Live } from './live.ts';
import type { Sealer } from './seal.ts';

/** What every module stands on; made once a process in `server/start.ts` and handed down, never a global. */
export type App = {
  config: Config;
  database: Database;
  jobs: Jobs;
  live: Live;
  files: FileStore;
  sealer: Sealer;
  failpoints: Failpoints;
};
