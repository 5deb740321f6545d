import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import type { App } from '../app.ts';

/** `/healthz`: the process answers. `/readyz`: it can do its work. `/metrics`: Prometheus text. No personal data in any. */
export function registerProbes(server: FastifyInstance, app: App): void {
  server.get('/healthz', async () => ({ ok: true }));

  server.get('/readyz', async (_request, reply) => {
    try {
      await app.database.ping();
      return { ready: true };
    } catch {
      return reply.status(503).send({ ready: false, why: 'database' });
    }
  });

  server.get('/metrics', async (_request, reply) => {
    const { states, pushes } = await app.database.withWorker(async (tx) => ({
      states: (
        await sql<{
          state: string;
          count: number;
        }>`select state, count(*) as count from deliveries group by state`.execute(tx)
      ).rows,
      pushes: (
        await sql<{
          count: number;
        }>`select count(*) as count from raw_pushes where processed_at is null`.execute(tx)
      ).rows[0]!.count,
    }));
    const memory = process.memoryUsage();
    const lines = [
      '# HELP huisheng_deliveries Deliveries by state.',
      '# TYPE huisheng_deliveries gauge',
      ...states.map((row) => `huisheng_deliveries{state="${row.state}"} ${row.count}`),
      '# HELP huisheng_pushes_waiting Pushes stored and not yet processed.',
      '# TYPE huisheng_pushes_waiting gauge',
      `huisheng_pushes_waiting ${pushes}`,
      '# HELP huisheng_resident_bytes Resident memory of this process.',
      '# TYPE huisheng_resident_bytes gauge',
      `huisheng_resident_bytes ${memory.rss}`,
    ];
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(`${lines.join('\n')}\n`);
  });
}
