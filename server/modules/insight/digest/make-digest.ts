import { type Actor, systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { now, wallDate } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import { loadNobodys, readWeek } from '#server/modules/inbox/index.ts';
import { listUnitsOf } from '#server/modules/people/index.ts';
import { findLatestRunOver, listIssueRows } from '../issues/store.ts';
import { composeDigest, type DigestIssue } from './compose.ts';
import { findDigestOfWeek, insertDigest } from './store.ts';
import { addDays, mondayOf, rangeOfWeek } from './week.ts';

/**
 * Drafts the digest of a week; the one that is there stays as it is.
 * @param day any of the week; @throws {AppError} input-invalid for a week that has not begun
 */
export async function makeDigestOf(
  app: App,
  tx: Tx,
  actor: Actor | ReturnType<typeof systemActor>,
  day: string,
): Promise<{ digestId: string }> {
  const { bureauId } = actor;
  const week = mondayOf(day);
  if (week > wallDate(now()))
    throw new AppError('input-invalid', { problem: '这一周还没有开始 / this week has not begun' });
  const there = await findDigestOfWeek(tx, bureauId, week);
  if (there) return { digestId: there.id };
  const { from, to } = rangeOfWeek(week);
  const earlier = rangeOfWeek(addDays(week, -7));
  const figures = await readWeek(tx, bureauId, from, to);
  const bureau = (await listUnitsOf(tx, bureauId)).find((unit) => unit.id === bureauId);
  const text = composeDigest({
    ...{ bureauName: bureau?.name ?? '', week, lastDay: addDays(week, 6), figures },
    asOf: now() < to ? now() : null,
    before: await readWeek(tx, bureauId, earlier.from, earlier.to),
    issues: await listIssuesOf(tx, bureauId, from, to),
    nobodys: await loadNobodys(tx, bureauId),
  });
  const id = newId();
  const made = await insertDigest(tx, bureauId, { ...text, id, week, figures, by: actor.personId });
  // Another process was faster.
  if (!made) return { digestId: (await findDigestOfWeek(tx, bureauId, week))!.id };
  await record(tx, actor, 'digest.drafted', { kind: 'digest', id }, { week });
  app.live.changed(tx, bureauId, 'insight');
  return { digestId: id };
}

/** Of the run whose window covers most of the week's end. */
async function listIssuesOf(tx: Tx, bureauId: string, from: Date, to: Date): Promise<DigestIssue[]> {
  const run = await findLatestRunOver(tx, bureauId, from, to);
  const rows = run ? await listIssueRows(tx, bureauId, run.id) : [];
  return rows
    .filter((row) => !row.hidden)
    .map((row) => ({
      ...{ title: row.given_title ?? row.title, messages: row.messages, people: row.people },
      ...{ before: row.before, names: row.names, sentences: row.sentences },
      hasTopic: row.article_id !== null,
    }));
}

/** For the worker: as the program itself. */
export const draftDigest = (app: App, tx: Tx, bureauId: string, day: string) =>
  makeDigestOf(app, tx, systemActor(bureauId), day);
