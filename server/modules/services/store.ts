/** SQL on the directory of services. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import { type Service, ServiceContent } from '#shared/services.ts';

const most = 500;

const toService = (row: { id: string; state: string; revision: number; content: unknown }): Service => ({
  ...ServiceContent.parse(row.content),
  ...{ id: row.id, state: row.state as Service['state'], revision: row.revision },
});

export async function listServiceRows(tx: Tx, bureauId: string): Promise<Service[]> {
  const rows = await tx
    .selectFrom('services')
    .select(['id', 'state', 'revision', 'content'])
    .where('bureau_id', '=', bureauId)
    .orderBy('state')
    .orderBy('name')
    .limit(most)
    .execute();
  return rows.map(toService);
}

/** As written on the cards. */
export async function listServicePhones(tx: Tx, bureauId: string): Promise<string[]> {
  const { rows } = await sql<{ phone: string }>`
    select distinct content ->> 'phone' as phone from services
    where bureau_id = ${bureauId} and coalesce(content ->> 'phone', '') <> ''`.execute(tx);
  return rows.map(({ phone }) => phone);
}

export async function findService(tx: Tx, bureauId: string, id: string): Promise<Service | undefined> {
  const row = await tx
    .selectFrom('services')
    .select(['id', 'state', 'revision', 'content'])
    .where('bureau_id', '=', bureauId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row && toService(row);
}

export async function insertService(
  tx: Tx,
  service: { bureauId: string; id: string; content: ServiceContent; personId: string },
): Promise<void> {
  const { bureauId, id, content, personId } = service;
  await tx
    .insertInto('services')
    .values({
      ...{ bureau_id: bureauId, id, name: content.name, content: JSON.stringify(content) },
      created_by: personId,
    })
    .execute();
}

export async function updateService(
  tx: Tx,
  bureauId: string,
  id: string,
  change: { content?: ServiceContent; state?: Service['state'] },
): Promise<number> {
  const { content, state } = change;
  const row = await tx
    .updateTable('services')
    .set({
      ...(content ? { name: content.name, content: JSON.stringify(content) } : {}),
      ...(state ? { state } : {}),
      revision: sql<number>`revision + 1`,
      updated_at: sql<Date>`now()`,
    })
    .where('bureau_id', '=', bureauId)
    .where('id', '=', id)
    .returning('revision')
    .executeTakeFirstOrThrow();
  return row.revision;
}

/** As the public site may know them: what is offered, by name. */
export async function listOfferedServices(tx: Tx, bureauId: string): Promise<ServiceContent[]> {
  const { rows } = await sql<{ content: unknown }>`
    select content from public_services where bureau_id = ${bureauId} order by name limit ${most}`.execute(
    tx,
  );
  return rows.map(({ content }) => ServiceContent.parse(content));
}
