import { log } from '#server/base/log.ts';
import { type Config, readConfig } from '#server/config.ts';

log.level = 'silent';

export const quiet = { info: () => undefined, warn: () => undefined };

/** A configuration that touches nothing outside the given folder and listens on a free port of the loopback. */
export function testConfig(change: Partial<Config> & { dataDir: string }): Config {
  return {
    ...readConfig({ PORT: '0', HUISHENG_PUBLIC_URL: 'http://127.0.0.1:3000' }),
    masterKey: Buffer.alloc(32, 7),
    ...change,
  };
}
