/** The task's own page: opened from a QR code without a session, its token the only key. */
import { getConnector } from '#connectors/registry.ts';
import { type Actor, systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { now } from '#server/base/clock.ts';
import { clockOf, type Tx } from '#server/base/database.ts';
import { findAccount } from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import { type ReadPicture, setFileUses, storePicture } from '#server/modules/content/index.ts';
import { findPeopleNames } from '#server/modules/people/index.ts';
import type { HandOffTask } from '#shared/tasks.ts';
import { askForAppLink, describeAppLink } from '../app-links/app-link.ts';
import type { PlannedPicture } from '../media-pack/plan-pictures.ts';
import type { NotedTask } from '../media-pack/write-note.ts';
import type { TaskKindOwner, TaskKindOwners } from './kind.ts';
import { openTaskStates } from './state.ts';
import { findTaskByToken, moveTask, type TaskRecord } from './store.ts';

/** A task can be looked at for a week after its deadline, so that the person sees that it is done. */
const visibleMs = 7 * 86_400_000;

async function demandTask(
  tx: Tx,
  owners: TaskKindOwners,
  token: string,
  lock: boolean,
): Promise<{ task: TaskRecord; owner: TaskKindOwner }> {
  const task = await findTaskByToken(tx, token, lock);
  const owner = task && owners.get(task.kind);
  if (!task || !owner) throw new AppError('not-found');
  // What must be taken away does not end by getting late.
  if (task.kind !== 'withdraw' && now().getTime() > task.deadline.getTime() + visibleMs)
    throw new AppError('handoff-expired');
  return { task, owner };
}

const wantsLink = ({ state, proof }: TaskRecord) =>
  state === 'verified' && proof.told === true && proof.url === undefined;
const isOpen = (task: TaskRecord) => (openTaskStates as readonly string[]).includes(task.state);

export async function getHandOffTask(
  app: App,
  tx: Tx,
  owners: TaskKindOwners,
  token: string,
): Promise<HandOffTask> {
  const { task, owner } = await demandTask(tx, owners, token, false);
  const account = await findAccount(tx, task.bureau_id, task.account_id);
  const described = await owner.describe(app, tx, task);
  const names = await findPeopleNames(tx, task.executor_id ? [task.executor_id] : []);
  return {
    kind: task.kind,
    title: task.title,
    accountName: account?.name ?? '',
    platformName: getConnector(account!.platform).label,
    state: task.state,
    deadline: task.deadline.toISOString(),
    executorName: task.executor_id ? (names.get(task.executor_id) ?? null) : null,
    returnReason: task.return_reason,
    instructions: described.instructions,
    copy: described.copy,
    media: described.media,
    mediaPackUrl: described.pictures.length > 0 ? `/hand-off/${token}/media.zip` : null,
    takesLink: linkFinderOf(owner, account!.platform) !== null,
    appLink: await describeAppLink(tx, task),
    proof: task.proof,
  };
}

const linkFinderOf = (owner: TaskKindOwner, platform: string) => owner.findLink?.(platform) ?? null;

export async function openHandOffTask(
  app: App,
  tx: Tx,
  owners: TaskKindOwners,
  token: string,
): Promise<void> {
  const { task } = await demandTask(tx, owners, token, true);
  if (task.state !== 'pending') return;
  await moveTask(tx, task, { state: 'opened', opened_at: await clockOf(tx) });
  await record(tx, systemActor(task.bureau_id), 'task.opened', subjectOf(task), { kind: task.kind });
  app.live.changed(tx, task.bureau_id, 'deliveries');
}

export async function askAppLinkFor(app: App, tx: Tx, owners: TaskKindOwners, token: string): Promise<void> {
  const { task } = await demandTask(tx, owners, token, true);
  await askForAppLink(app, tx, task);
}

const subjectOf = (task: TaskRecord) => ({ kind: 'task', id: task.id });

/**
 * The person pasted the share text back: the platform's link in it is the proof, and needs nobody else's word.
 * @throws {AppError} not-found, handoff-expired, handoff-link-missing, state-conflict
 */
export async function proveHandOffTask(
  app: App,
  tx: Tx,
  owners: TaskKindOwners,
  token: string,
  pasted: string,
): Promise<{ url: string }> {
  const { task, owner } = await demandTask(tx, owners, token, true);
  const account = await findAccount(tx, task.bureau_id, task.account_id);
  const url = linkFinderOf(owner, account!.platform)?.(pasted) ?? null;
  if (!url) throw new AppError('handoff-link-missing');
  if (task.state === 'verified' && task.proof.url === url) return { url };
  const who = { personId: null, name: '人工发布链接', bureauId: task.bureau_id };
  const proof = { ...task.proof, url };
  // The platform's word came first and without an address: this one only completes it.
  if (owner.onLinkAdded && wantsLink(task)) {
    await moveTask(tx, task, { proof });
    await owner.onLinkAdded(tx, task, url, who);
    app.live.changed(tx, task.bureau_id, 'deliveries');
    return { url };
  }
  if (!isOpen(task)) throw new AppError('handoff-expired');
  await moveTask(tx, task, { state: 'verified', proof, claimed_at: await clockOf(tx) });
  await record(tx, who, 'task.verified', subjectOf(task), { kind: task.kind, url, by: 'link' });
  await owner.onVerified(app, tx, task, proof, who);
  app.live.changed(tx, task.bureau_id, 'deliveries');
  return { url };
}

/** Before a screenshot is worth decoding. @throws {AppError} not-found, handoff-expired */
export async function demandClaimable(tx: Tx, owners: TaskKindOwners, token: string): Promise<void> {
  const { task } = await demandTask(tx, owners, token, false);
  if (!claimable.includes(task.state)) throw new AppError('handoff-expired');
}

const claimable: readonly string[] = ['pending', 'opened', 'returned'];

/**
 * Says that it is done, with a screenshot (encoded anew, EXIF gone). Somebody must answer for it by name: who is signed in,
 * else the executor the task was given to.
 * @throws {AppError} not-found, handoff-expired, handoff-executor-needed, handoff-proof-needed, file-type-refused
 */
export async function claimHandOffTask(
  app: App,
  tx: Tx,
  owners: TaskKindOwners,
  token: string,
  claim: { actor: Actor | null; picture: ReadPicture | null; note: string },
): Promise<void> {
  const { task } = await demandTask(tx, owners, token, true);
  if (!claimable.includes(task.state)) throw new AppError('handoff-expired');
  if (!claim.picture) throw new AppError('handoff-proof-needed');
  const own = claim.actor?.bureauId === task.bureau_id ? claim.actor.personId : null;
  const personId = own ?? task.executor_id;
  if (!personId) throw new AppError('handoff-executor-needed');
  const names = await findPeopleNames(tx, [personId]);
  const who = { personId, name: names.get(personId) ?? '', bureauId: task.bureau_id };
  const file = await storePicture(app, tx, who, claim.picture, '截图.jpg');
  // Evidence stays as long as the task does.
  await setFileUses(tx, task.bureau_id, { kind: 'task', id: task.id }, [file.id]);
  await moveTask(tx, task, {
    state: 'claimed',
    claimed_by: personId,
    claimed_at: await clockOf(tx),
    proof: { note: claim.note, screenshot: file.url },
    return_reason: null,
  });
  await record(tx, who, 'task.claimed', subjectOf(task), { kind: task.kind, screenshot: file.id });
  app.live.changed(tx, task.bureau_id, 'deliveries');
}

/** What the media pack and its single pictures are made of, outside the transaction. */
export async function getPack(
  app: App,
  tx: Tx,
  owners: TaskKindOwners,
  token: string,
): Promise<{ task: NotedTask; pictures: PlannedPicture[] }> {
  const { task, owner } = await demandTask(tx, owners, token, false);
  const account = await findAccount(tx, task.bureau_id, task.account_id);
  const { pictures, ...described } = await owner.describe(app, tx, task);
  return {
    task: {
      title: task.title,
      accountName: account?.name ?? '',
      platformName: getConnector(account!.platform).label,
      deadline: task.deadline.toISOString(),
      ...described,
    },
    pictures,
  };
}
