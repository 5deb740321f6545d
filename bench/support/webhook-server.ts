/**
 * The server under load: the product's own push routes, twice in one process. One address commits each push before it
 * answers; the other does all the rest (HTTP, signature, decryption, sealing) and answers without the write. Database:
 * the embedded one, fsync on.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { sql } from 'kysely';
import { systemActor } from '#server/base/actor.ts';
import { handleErrors } from '#server/base/http/errors.ts';
import { newId } from '#server/base/ids.ts';
import { log } from '#server/base/log.ts';
import { readConfig } from '#server/config.ts';
import { createAccountIn } from '#server/modules/accounts/index.ts';
import { createPushIntake, type PushIntake, pushRoutes } from '#server/modules/inbox/index.ts';
import { openApp, openStorage } from '#server/start.ts';
import { answerParent } from './child.ts';

log.level = 'silent';
const dataDir = await mkdtemp(join(tmpdir(), 'huisheng-bench-'));
const config = readConfig({ HUISHENG_DATA_DIR: dataDir, HUISHENG_ROLES: 'web' });
const storage = await openStorage(config);
const { app, close } = await openApp(config, storage);

const account = {
  appId: 'wx00000000000bench',
  originalId: 'gh_0123456789ab',
  token: randomBytes(12).toString('hex'),
  encodingAESKey: randomBytes(32).toString('base64').slice(0, 43),
};
const accountId = await app.database.withWorker(async (tx) => {
  const bureauId = newId();
  const unit = {
    bureau_id: bureauId,
    id: bureauId,
    name: '压测县人社局',
    short_name: '压测',
    path: `/${bureauId}/`,
  };
  await tx
    .insertInto('units')
    .values({ ...unit, kind: 'bureau', level: 'county' })
    .execute();
  const { appId, originalId, token, encodingAESKey } = account;
  const { id } = await createAccountIn(app, tx, systemActor(bureauId), {
    ...{ platform: 'wechat-official', name: '压测', unitId: bureauId },
    settings: { appId, originalId, kind: 'subscription' },
    secrets: { appSecret: 'none', token, encodingAESKey },
  });
  return id;
});

const intake = createPushIntake(app.database);
const withoutWrite: PushIntake = { accept: async () => undefined, close: async () => undefined };

async function listen(kind: PushIntake) {
  const server = Fastify({ logger: false, forceCloseConnections: true });
  handleErrors(server);
  await server.register(pushRoutes, { app, intake: kind });
  return { server, address: await server.listen({ port: 0, host: '127.0.0.1' }) };
}
const real = await listen(intake);
const limit = await listen(withoutWrite);

answerParent(
  {
    where: async () => ({
      ...{ real: real.address, limit: limit.address, account },
      path: `/hooks/wechat-official/${accountId}`,
    }),
    /** Which of the acknowledged keys are not in the table, and how many rows there are beyond the keys sent. */
    count: async ({ acked, sent }: { acked: readonly string[]; sent: number }) => {
      const { rows } = await app.database.asOwner((db) =>
        sql<{ dedup_key: string }>`select dedup_key from raw_pushes`.execute(db),
      );
      const stored = new Set(rows.map((row) => row.dedup_key));
      return {
        lost: acked.filter((key) => !stored.has(key)).length,
        doubled: rows.length - stored.size + Math.max(0, stored.size - sent),
        rows: rows.length,
      };
    },
  },
  async () => {
    await Promise.all([real.server.close(), limit.server.close()]);
    await close();
    await storage.stop();
    await rm(dataDir, { recursive: true, force: true });
  },
);
