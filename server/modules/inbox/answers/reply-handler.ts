import type { Actor } from '#server/base/actor.ts';
import type { Tx } from '#server/base/database.ts';
import { demandHandler } from '../cases/handlers.ts';
import { findCase } from '../cases/store.ts';

/** Whoever wrote an answer deals with it, and whoever handles its case. @throws {AppError} case-of-others */
export async function demandReplyHandler(
  tx: Tx,
  actor: Actor,
  reply: { case_id: string; created_by: string },
): Promise<void> {
  if (reply.created_by === actor.personId) return;
  const found = await findCase(tx, actor.bureauId, reply.case_id);
  if (found) demandHandler(actor, found);
}
