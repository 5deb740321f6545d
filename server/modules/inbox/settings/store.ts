/** SQL on inbox_settings. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import { defaultInboxSettings, InboxSettings } from '#shared/inbox-settings.ts';

/** What the bureau set; the defaults where it set nothing yet (revision 0). */
export async function loadSettings(
  tx: Tx,
  bureauId: string,
): Promise<{ revision: number; settings: InboxSettings }> {
  const row = await tx
    .selectFrom('inbox_settings')
    .select(['revision', 'settings'])
    .where('bureau_id', '=', bureauId)
    .executeTakeFirst();
  if (!row) return { revision: 0, settings: defaultInboxSettings };
  // A part that came with a later version is not in an older row yet.
  const settings = InboxSettings.parse({ ...defaultInboxSettings, ...(row.settings as object) });
  return { revision: row.revision, settings };
}

/** @returns the new revision; null when somebody saved in between, and nothing changed */
export async function saveSettings(
  tx: Tx,
  bureauId: string,
  baseRevision: number,
  settings: InboxSettings,
  personId: string,
): Promise<number | null> {
  const { rows } = await sql<{ revision: number }>`
    insert into inbox_settings as s (bureau_id, revision, settings, updated_by)
    values (${bureauId}, ${baseRevision + 1}, ${JSON.stringify(settings)}, ${personId})
    on conflict (bureau_id) do update set
      revision = s.revision + 1, settings = excluded.settings, updated_by = excluded.updated_by, updated_at = now()
    where s.revision = ${baseRevision}
    returning revision`.execute(tx);
  return rows[0]?.revision ?? null;
}
