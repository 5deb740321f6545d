/**
 * Addresses under which the desk shows files of the inbox's shelf: unguessable, of one file, ending within a day. Whoever may read
 * the case is given new ones with it; nothing is stored for them.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { findFiles } from '../store.ts';

type Held = { bureauId: string; fileId: string };
export type HeldParams = Record<'bureauId' | 'fileId' | 'until' | 'name', string>;
export type HeldFile = { sha256: string; mime: string; size: number; name: string };

const shape = {
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  until: /^[0-9a-z]{5,8}$/,
  signature: /^[\w-]{43}$/,
} as const;

/** The same address for half a day, so that browsers need not fetch a picture anew; it ends half a day later. */
const halfDayMs = 12 * 3_600_000;

function sign(app: App, { bureauId, fileId }: Held, until: string): string {
  return createHmac('sha256', app.sealer.derive('held files'))
    .update([bureauId, fileId, until].join('\n'))
    .digest('base64url');
}

function heldFileUrl(app: App, held: Held): string {
  const end = (Math.floor(now().getTime() / halfDayMs) + 2) * halfDayMs;
  const until = Math.floor(end / 1000).toString(36);
  return `/files/held/${held.bureauId}/${held.fileId}/${until}/${sign(app, held, until)}`;
}

/** Files by id, as they stand beside messages and notes of cases. */
export async function listHeldFiles(
  app: App,
  tx: Tx,
  bureauId: string,
  ids: readonly string[],
): Promise<Map<string, { id: string; url: string; mime: string; name: string; size: number }>> {
  const rows = await findFiles(tx, bureauId, ids);
  return new Map(
    rows.map(({ id, mime, name, size }) => [
      id,
      { id, url: heldFileUrl(app, { bureauId, fileId: id }), mime, name, size },
    ]),
  );
}

/** Undefined for a false or ended address. */
export async function findHeldFile(app: App, params: HeldParams): Promise<HeldFile | undefined> {
  const { bureauId, fileId, until, name } = params;
  if (!shape.uuid.test(bureauId) || !shape.uuid.test(fileId)) return undefined;
  if (!shape.until.test(until) || !shape.signature.test(name)) return undefined;
  const ours = Buffer.from(sign(app, { bureauId, fileId }, until));
  if (!timingSafeEqual(ours, Buffer.from(name))) return undefined;
  if (Number.parseInt(until, 36) * 1000 < now().getTime()) return undefined;
  const [file] = await app.database.withWorker((tx) => findFiles(tx, bureauId, [fileId]));
  return file && { sha256: file.sha256, mime: file.mime, size: file.size, name: file.name };
}
