import type { HandOffPublish } from '#connectors/contract.ts';
import type { Actor, SystemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import type { HandOffTask, TaskKind, TaskProof } from '#shared/tasks.ts';
import type { PlannedPicture } from '../media-pack/plan-pictures.ts';
import type { TaskRecord } from './store.ts';

/** Whoever ended a task: a signed-in person, or the program for a link that proves itself. */
export type TaskWho = Pick<Actor, 'personId' | 'name' | 'bureauId'> | SystemActor;

/** What the owner of a kind of task registers. Runs in the transaction of the proof or check. */
export type TaskKindOwner = {
  kind: TaskKind;
  /** What to do, in order, and what is copied there; the rest of the page is the same for all. */
  describe(
    app: App,
    tx: Tx,
    task: TaskRecord,
  ): Promise<Pick<HandOffTask, 'instructions' | 'copy' | 'media'> & { pictures: PlannedPicture[] }>;
  /** Finds the link that proves it; null where no link can. */
  findLink: ((platform: string) => HandOffPublish['findLink'] | null) | null;
  /** The link of what the platform itself told to be done, brought afterwards. */
  onLinkAdded?(tx: Tx, task: TaskRecord, url: string, who: TaskWho): Promise<void>;
  /** It is done, and proven: what that does to the subject. */
  onVerified(app: App, tx: Tx, task: TaskRecord, proof: TaskProof, who: TaskWho): Promise<void>;
};

export type TaskKindOwners = ReadonlyMap<TaskKind, TaskKindOwner>;
