import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import type { ReviewView } from '#shared/review.ts';

/** One revision of a subject as reviewers see it. */
export type RenderedSubject = {
  sections: ReviewView['sections'];
  problems: ReviewView['problems'];
  /** The words to compare between revisions, part by part; headings pair the parts. */
  texts: { heading: string; text: string }[];
  plannedWall: string | null;
};

export type ReviewRecord = {
  id: string;
  bureauId: string;
  subjectKind: string;
  subjectId: string;
  revisionId: string;
  submittedBy: string;
};

/** What the owner of a kind of subject registers: how it looks, and what a decision does. Runs in the decision's transaction. */
export type ReviewSubject = {
  kind: string;
  /** Deadlines of those subjects whose approval somebody outside waits for; a subject without one is left out. */
  listDueAt?(tx: Tx, bureauId: string, subjectIds: readonly string[]): Promise<ReadonlyMap<string, Date>>;
  render(app: App, tx: Tx, bureauId: string, revisionId: string): Promise<RenderedSubject>;
  onApproved(app: App, tx: Tx, actor: Actor, review: ReviewRecord): Promise<void>;
  onReturned(app: App, tx: Tx, actor: Actor, review: ReviewRecord): Promise<void>;
};

export type ReviewSubjects = ReadonlyMap<string, ReviewSubject>;
