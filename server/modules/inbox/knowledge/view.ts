import type { Actor } from '#server/base/actor.ts';
import { AppError } from '#server/base/app-error.ts';
import { now, wallDate } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { findPeopleNames, listUnitsOf } from '#server/modules/people/index.ts';
import type { KnowledgeRow, KnowledgeState, KnowledgeView } from '#shared/knowledge.ts';
import { lacksBasis, staleOn } from './rules.ts';
import {
  countUses,
  type EntryRecord,
  findEntry,
  listCitingAnswers,
  listEntries,
  listEntryVersions,
} from './store.ts';

const page = 50;
const usesShown = 100;

async function toRows(tx: Tx, bureauId: string, entries: readonly EntryRecord[]): Promise<KnowledgeRow[]> {
  const today = wallDate(now());
  const uses = await countUses(
    tx,
    bureauId,
    entries.map(({ id }) => id),
  );
  const units = new Map((await listUnitsOf(tx, bureauId)).map((unit) => [unit.id, unit.name]));
  return entries.map((entry) => ({
    ...entry.content,
    ...{ id: entry.id, state: entry.state, version: entry.version },
    stale: staleOn(today, entry.state, entry.content),
    basisMissing: lacksBasis(entry.state, entry.content),
    unitName: entry.content.unitId ? (units.get(entry.content.unitId) ?? null) : null,
    uses: uses.get(entry.id) ?? 0,
    updatedAt: entry.updated_at.toISOString(),
  }));
}

export async function listKnowledgeViews(
  tx: Tx,
  actor: Actor,
  query: {
    state?: KnowledgeState | undefined;
    stale?: '1' | undefined;
    search?: string | undefined;
    cursor?: string | undefined;
  },
) {
  const { state, cursor } = query;
  const filter = {
    ...{ state, cursor, search: query.search?.trim() || undefined },
    wantingOn: query.stale ? wallDate(now()) : undefined,
  };
  const entries = await listEntries(tx, actor.bureauId, filter, page);
  return {
    rows: await toRows(tx, actor.bureauId, entries),
    next: entries.length === page ? entries.at(-1)!.id : null,
  };
}

/** @throws {AppError} not-found */
export async function viewKnowledge(tx: Tx, actor: Actor, id: string): Promise<KnowledgeView> {
  const { bureauId } = actor;
  const entry = await findEntry(tx, bureauId, id);
  if (!entry) throw new AppError('not-found');
  const [row] = await toRows(tx, bureauId, [entry]);
  const versions = await listEntryVersions(tx, bureauId, id);
  const names = await findPeopleNames(
    tx,
    versions.map((version) => version.saved_by),
  );
  return {
    ...row!,
    versions: versions.map(({ version, content, saved_by, saved_at }) => ({
      ...{ version, content, byName: names.get(saved_by) ?? '', at: saved_at.toISOString() },
    })),
    usedIn: (await listCitingAnswers(tx, bureauId, id, usesShown)).map((use) => ({
      ...{ caseId: use.id, caseNumber: use.number, version: use.version, at: use.at.toISOString() },
    })),
  };
}
