/** A person goes on from the draft, and signs what stands there. */
import { createHash } from 'node:crypto';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import { loadNobodys } from '#server/modules/inbox/index.ts';
import { findPeopleNames } from '#server/modules/people/index.ts';
import { maskDigest } from './compose.ts';
import { type DigestText, findDigest, saveDigest, setSignature } from './store.ts';

/** @throws {AppError} not-found, edit-conflict */
export async function saveDigestIn(
  app: App,
  tx: Tx,
  actor: Actor,
  digestId: string,
  given: DigestText & { baseRevision: number },
): Promise<{ revision: number; masked: number }> {
  const { bureauId, personId } = actor;
  const before = await findDigest(tx, bureauId, digestId, { lock: true });
  if (!before) throw new AppError('not-found');
  const { title, sections } = given;
  const { text, masked } = maskDigest({ title, sections }, await loadNobodys(tx, bureauId));
  const revision = await saveDigest(tx, bureauId, digestId, given.baseRevision, text, personId);
  if (revision === null) throw await conflict(tx, before.updated_by);
  const voided = before.signed_by !== null;
  await record(
    tx,
    actor,
    'digest.edited',
    { kind: 'digest', id: digestId },
    { revision, masked, ...(voided ? { voidedHash: before.text_hash } : {}) },
  );
  app.live.changed(tx, bureauId, 'insight');
  return { revision, masked };
}

/** @throws {AppError} not-found, edit-conflict when it is not the text that the person saw, state-conflict when signed */
export async function signDigestIn(
  app: App,
  tx: Tx,
  actor: Actor,
  digestId: string,
  revision: number,
): Promise<{ textHash: string }> {
  const { bureauId, personId } = actor;
  const digest = await findDigest(tx, bureauId, digestId, { lock: true });
  if (!digest) throw new AppError('not-found');
  if (digest.signed_by) throw new AppError('state-conflict', { state: '已签发' });
  if (digest.revision !== revision) throw await conflict(tx, digest.updated_by);
  const textHash = hashOf(digest);
  await setSignature(tx, bureauId, digestId, { personId, hash: textHash });
  await record(tx, actor, 'digest.signed', { kind: 'digest', id: digestId }, { revision, textHash });
  app.live.changed(tx, bureauId, 'insight');
  return { textHash };
}

/** Over the text alone, in one way of writing it, so that anybody can reckon it again. */
export function hashOf({ title, sections }: DigestText): string {
  const canonical = JSON.stringify([title, sections.map((one) => [one.key, one.title, one.text])]);
  return createHash('sha256').update(canonical).digest('hex');
}

async function conflict(tx: Tx, updatedBy: string | null): Promise<AppError> {
  const names = await findPeopleNames(tx, updatedBy ? [updatedBy] : []);
  return new AppError('edit-conflict', { name: (updatedBy && names.get(updatedBy)) || '' });
}
