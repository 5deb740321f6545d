/**
 * Addresses from which a platform's app fetches the files of one task: unguessable, for that task alone, and only until the link
 * ends. Nothing is stored for them; the signature says it all.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import { findFilesByHash } from '#server/modules/content/index.ts';
import { openTaskStates } from '../tasks/state.ts';
import { findTask } from '../tasks/store.ts';

type Handed = { bureauId: string; taskId: string; sha256: string; until: Date };
export type HandedParams = Record<'bureauId' | 'taskId' | 'until' | 'name', string>;

const shape = {
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  until: /^[0-9a-z]{5,8}$/,
  name: /^([0-9a-f]{64})\.([\w-]{43})\.[a-z0-9]{1,5}$/,
} as const;

const secondsOf = (until: Date) => Math.floor(until.getTime() / 1000).toString(36);

function sign(app: App, { bureauId, taskId, sha256 }: Omit<Handed, 'until'>, until: string): string {
  return createHmac('sha256', app.sealer.derive('handed media'))
    .update([bureauId, taskId, sha256, until].join('\n'))
    .digest('base64url');
}

export function handedMediaUrl(app: App, handed: Handed, mime: string): string {
  const until = secondsOf(handed.until);
  const extension = (mime.split('/')[1] ?? '').replace('jpeg', 'jpg').replace('quicktime', 'mov');
  const name = `${handed.sha256}.${sign(app, handed, until)}.${extension}`;
  return `${app.config.publicUrl}/files/handed/${handed.bureauId}/${handed.taskId}/${until}/${name}`;
}

export type HandedFile = { sha256: string; mime: string; size: number; name: string };

/** Undefined for a false or ended address, and once the task is over. */
export async function findHandedFile(app: App, params: HandedParams): Promise<HandedFile | undefined> {
  const { bureauId, taskId, until, name } = params;
  const [, sha256, given] = shape.name.exec(name) ?? [];
  if (!sha256 || !given || !shape.until.test(until)) return undefined;
  if (!shape.uuid.test(bureauId) || !shape.uuid.test(taskId)) return undefined;
  const ours = Buffer.from(sign(app, { bureauId, taskId, sha256 }, until));
  const theirs = Buffer.from(given);
  if (ours.length !== theirs.length || !timingSafeEqual(ours, theirs)) return undefined;
  if (Number.parseInt(until, 36) * 1000 < now().getTime()) return undefined;
  return app.database.withWorker(async (tx) => {
    const task = await findTask(tx, bureauId, taskId);
    if (!task || !(openTaskStates as readonly string[]).includes(task.state)) return undefined;
    const [file] = await findFilesByHash(tx, bureauId, [sha256]);
    return file && { sha256, mime: file.mime, size: file.size, name: file.name };
  });
}
