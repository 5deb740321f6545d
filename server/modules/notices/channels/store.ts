import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';

export type Destination = { bureau_id: string; channel_id: string; person_id: string | null };

/** One row a robot that says this kind, and one a recipient who wants mail. In the notice's own transaction. */
export async function insertSendings(
  tx: Tx,
  notice: { bureauId: string; id: string; kind: string; urgency: string },
  people: readonly string[],
  options: { at: Date; mail: boolean },
): Promise<void> {
  await sql`
    insert into notice_sendings (bureau_id, notice_id, channel_id, person_id, next_at)
    select c.bureau_id, ${notice.id}::uuid, c.id, null::uuid, ${options.at}::timestamptz
    from notice_channels c
    where c.bureau_id = ${notice.bureauId} and c.active and c.kind <> 'mail' and ${notice.kind} = any (c.kinds)
    union all
    select c.bureau_id, ${notice.id}, c.id, p.person_id, ${options.at}
    from notice_channels c join notice_preferences p on p.bureau_id = c.bureau_id
    where c.bureau_id = ${notice.bureauId} and c.active and c.kind = 'mail' and ${options.mail}
      and p.sealed_mail is not null and p.person_id = any (${people}::uuid[])
      and (p.mail_when = 'all' or p.mail_when = ${notice.urgency})`.execute(tx);
}

/** One sending alone, for a test; at once. */
export async function insertSending(tx: Tx, destination: Destination, noticeId: string): Promise<void> {
  await tx
    .insertInto('notice_sendings')
    .values({ ...destination, notice_id: noticeId, next_at: sql<Date>`clock_timestamp()` })
    .execute();
}

/** Destinations for which something is due and whose channel is open, the longest waiting first. */
export async function listDueDestinations(tx: Tx, limit: number): Promise<Destination[]> {
  const { rows } = await sql<Destination>`
    select s.bureau_id, s.channel_id, s.person_id
    from notice_sendings s
    join notice_channels c on c.bureau_id = s.bureau_id and c.id = s.channel_id
    where s.state = 'waiting' and s.next_at <= clock_timestamp()
      and (s.leased_until is null or s.leased_until <= clock_timestamp())
      and c.active and (c.held_until is null or c.held_until <= clock_timestamp())
    group by s.bureau_id, s.channel_id, s.person_id
    order by min(s.next_at)
    limit ${limit}`.execute(tx);
  return rows;
}

/**
 * Takes all that waits for a destination and is due soon, for two minutes; a process that dies in between is followed by
 * another. Two processes never take the same row: the second finds the lease.
 */
export async function takeSendings(
  tx: Tx,
  { bureau_id, channel_id, person_id }: Destination,
  gatherMs: number,
): Promise<{ id: string; notice_id: string; tries: number }[]> {
  const { rows } = await sql<{ id: string; notice_id: string; tries: number }>`
    update notice_sendings set leased_until = clock_timestamp() + interval '2 minutes', tries = tries + 1
    where bureau_id = ${bureau_id} and channel_id = ${channel_id}
      and person_id is not distinct from ${person_id}::uuid and state = 'waiting'
      and next_at <= clock_timestamp() + make_interval(secs => ${gatherMs / 1_000})
      and (leased_until is null or leased_until <= clock_timestamp())
    returning id, notice_id, tries`.execute(tx);
  return rows;
}

/** False when another process speaks by this robot at the moment, or it is held. */
export async function takeTurn(
  tx: Tx,
  bureauId: string,
  channelId: string,
  paceMs: number,
): Promise<boolean> {
  const { rows } = await sql`
    update notice_channels set held_until = clock_timestamp() + make_interval(secs => ${paceMs / 1_000})
    where bureau_id = ${bureauId} and id = ${channelId}
      and (held_until is null or held_until <= clock_timestamp())
    returning id`.execute(tx);
  return rows.length === 1;
}

export async function endSendings(
  tx: Tx,
  bureauId: string,
  ids: readonly string[],
  end: { state: 'sent' } | { state: 'failed'; error: string },
): Promise<void> {
  await tx
    .updateTable('notice_sendings')
    .set({
      state: end.state,
      last_error: end.state === 'failed' ? end.error : null,
      leased_until: null,
      ended_at: sql<Date>`clock_timestamp()`,
    })
    .where('bureau_id', '=', bureauId)
    .where('id', 'in', ids)
    .execute();
}

/** @param counted false gives the try back: the platform asked to wait, nothing failed */
export async function putBack(
  tx: Tx,
  bureauId: string,
  ids: readonly string[],
  { afterMs, error, counted }: { afterMs: number; error: string; counted: boolean },
): Promise<void> {
  await tx
    .updateTable('notice_sendings')
    .set({
      next_at: sql<Date>`clock_timestamp() + make_interval(secs => ${afterMs / 1_000})`,
      leased_until: null,
      last_error: error,
      ...(counted ? {} : { tries: sql<number>`tries - 1` }),
    })
    .where('bureau_id', '=', bureauId)
    .where('id', 'in', ids)
    .execute();
}

export async function markSent(tx: Tx, bureauId: string, channelId: string): Promise<void> {
  await sql`
    update notice_channels set failures = 0, last_error = null, last_sent_at = clock_timestamp()
    where bureau_id = ${bureauId} and id = ${channelId}`.execute(tx);
}

/**
 * The breaker: from the third failure in a row on nothing is tried for 60 s, doubling to ten minutes; `holdMs` holds at once.
 * @returns failures in a row
 */
export async function markFailed(
  tx: Tx,
  bureauId: string,
  channelId: string,
  error: string,
  holdMs: number,
): Promise<number> {
  const { rows } = await sql<{ failures: number }>`
    update notice_channels set
      failures = failures + 1, last_error = ${error}, last_error_at = clock_timestamp(),
      held_until = greatest(held_until, clock_timestamp() + greatest(
        make_interval(secs => ${holdMs / 1_000}),
        case when failures + 1 >= 3
          then least(interval '10 minutes', interval '60 seconds' * power(2, least(failures - 2, 6))) end))
    where bureau_id = ${bureauId} and id = ${channelId}
    returning failures`.execute(tx);
  return rows[0]?.failures ?? 0;
}

export async function hold(tx: Tx, bureauId: string, channelId: string, ms: number): Promise<void> {
  await sql`
    update notice_channels
    set held_until = greatest(held_until, clock_timestamp() + make_interval(secs => ${ms / 1_000}))
    where bureau_id = ${bureauId} and id = ${channelId}`.execute(tx);
}

export async function findChannel(tx: Tx, bureauId: string, channelId: string) {
  return tx
    .selectFrom('notice_channels')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('id', '=', channelId)
    .executeTakeFirst();
}

/** Channels, each with what waits and what was given up within a day. */
export async function listChannelRows(tx: Tx, bureauId: string) {
  return tx
    .selectFrom('notice_channels as c')
    .selectAll('c')
    .select(
      sql<number>`(select count(*) from notice_sendings s where s.bureau_id = c.bureau_id and s.channel_id = c.id
        and s.state = 'waiting')`.as('waiting'),
    )
    .select(
      sql<number>`(select count(*) from notice_sendings s where s.bureau_id = c.bureau_id and s.channel_id = c.id
        and s.state = 'failed' and s.ended_at > now() - interval '1 day')`.as('given_up'),
    )
    .where('c.bureau_id', '=', bureauId)
    .orderBy('c.created_at')
    .orderBy('c.id')
    .execute();
}

export async function insertChannel(
  tx: Tx,
  row: {
    bureau_id: string;
    id: string;
    kind: string;
    name: string;
    kinds: string[];
    sealed_key: Buffer;
    sealed_secret: Buffer | null;
  },
): Promise<void> {
  await tx.insertInto('notice_channels').values(row).execute();
}

export async function updateChannelRow(
  tx: Tx,
  bureauId: string,
  channelId: string,
  change: {
    name?: string;
    active?: boolean;
    kinds?: string[];
    sealed_key?: Buffer;
    sealed_secret?: Buffer;
  },
): Promise<void> {
  await tx
    .updateTable('notice_channels')
    // Whoever mends a channel wants to see at once whether it works.
    .set({ ...change, failures: 0, held_until: null })
    .where('bureau_id', '=', bureauId)
    .where('id', '=', channelId)
    .execute();
}

/** The bureau's way for mail, made when first needed. */
export async function ensureMailChannel(tx: Tx, bureauId: string, id: string, name: string): Promise<string> {
  await sql`
    insert into notice_channels (bureau_id, id, kind, name) values (${bureauId}, ${id}, 'mail', ${name})
    on conflict (bureau_id) where kind = 'mail' do nothing`.execute(tx);
  const row = await tx
    .selectFrom('notice_channels')
    .select('id')
    .where('bureau_id', '=', bureauId)
    .where('kind', '=', 'mail')
    .executeTakeFirstOrThrow();
  return row.id;
}

export async function findPreferences(tx: Tx, bureauId: string, personId: string) {
  return tx
    .selectFrom('notice_preferences')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('person_id', '=', personId)
    .executeTakeFirst();
}

export async function putPreferences(
  tx: Tx,
  row: { bureau_id: string; person_id: string; sealed_mail: Buffer | null; mail_when: string },
): Promise<void> {
  await tx
    .insertInto('notice_preferences')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['bureau_id', 'person_id'])
        .doUpdateSet({ sealed_mail: row.sealed_mail, mail_when: row.mail_when }),
    )
    .execute();
}

export async function findLastMail(tx: Tx, bureauId: string, personId: string) {
  return tx
    .selectFrom('notice_sendings')
    .select(['state', 'next_at', 'ended_at', 'last_error'])
    .where('bureau_id', '=', bureauId)
    .where('person_id', '=', personId)
    .orderBy('next_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** What nobody could send for a day is old news. Worker's role. */
export async function giveUpOld(tx: Tx): Promise<void> {
  await sql`
    update notice_sendings set state = 'failed', ended_at = clock_timestamp(), last_error = coalesce(last_error, 'expired')
    where state = 'waiting' and next_at < clock_timestamp() - interval '1 day'`.execute(tx);
}
