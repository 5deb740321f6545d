import type { App } from '#server/base/app.ts';
import { clockOf, type Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { listHoldersOf, listMembersOf, listWorkingOf } from '#server/modules/people/index.ts';
import type { Text } from '#shared/lang.ts';
import type { NoticeKind, Urgency } from '#shared/notices.ts';
import type { Role } from '#shared/people.ts';
import { insertSendings } from './channels/store.ts';
import { goesOutAt } from './channels/timing.ts';
import { insertNotice, insertRecipients } from './store.ts';

/** Whoever stands behind it when it happens; later joiners are not told, and who has left is nobody. */
export type NoticeTarget =
  | { kind: 'person'; id: string }
  | { kind: 'unit'; id: string }
  | { kind: 'role'; role: Role }
  /** The first of them behind whom somebody stands: for what must reach somebody. */
  | { kind: 'first'; of: readonly NoticeTarget[] };

export type NoticeInput = {
  bureauId: string;
  to: NoticeTarget | readonly NoticeTarget[];
  /** Whoever did it knows already. */
  except?: readonly string[];
  kind: NoticeKind;
  subject: { kind: string; id: string };
  /** Shown on the desk and in mails. Names and numbers of our own; never a citizen's words or personal data. */
  text: Text;
  /** The number people know the thing by, for robots. */
  reference?: string;
  dueAt?: Date;
  /** A path of the staff app, `/inbox/<id>`. */
  link: string;
  /** Where mails and robots lead instead, when that page is made for a phone. */
  phoneLink?: string;
  urgency: Urgency;
  /** What happened, once: the same key in the same bureau makes no second notice. */
  dedupKey: string;
};

/**
 * Tells people what happened, in the happening's own transaction: both are there or neither is. Works in the scope of staff
 * and of the worker.
 * @returns false when this key was told before
 */
export async function notify(app: App, tx: Tx, notice: NoticeInput): Promise<boolean> {
  const { bureauId } = notice;
  const id = newId();
  const made = await insertNotice(tx, {
    bureau_id: bureauId,
    id,
    kind: notice.kind,
    urgency: notice.urgency,
    subject_kind: notice.subject.kind,
    subject_id: notice.subject.id,
    reference: notice.reference ?? null,
    words_zh: notice.text.zh,
    words_en: notice.text.en,
    link: notice.link,
    phone_link: notice.phoneLink ?? null,
    due_at: notice.dueAt ?? null,
    dedup_key: notice.dedupKey,
  });
  if (!made) return false;
  const people = await findRecipients(tx, notice);
  await insertRecipients(tx, bureauId, id, people);
  await insertSendings(tx, { bureauId, id, kind: notice.kind, urgency: notice.urgency }, people, {
    at: goesOutAt(await clockOf(tx), notice.urgency),
    mail: app.config.smtp !== null,
  });
  app.live.changed(tx, bureauId, 'notices');
  return true;
}

async function findRecipients(tx: Tx, { bureauId, to, except = [] }: NoticeInput): Promise<string[]> {
  const found = new Set<string>();
  const targets: readonly NoticeTarget[] = 'kind' in to ? [to] : to;
  for (const target of targets) for (const id of await findBehind(tx, bureauId, target)) found.add(id);
  for (const id of except) found.delete(id);
  return [...found];
}

async function findBehind(tx: Tx, bureauId: string, target: NoticeTarget): Promise<string[]> {
  if (target.kind === 'first') {
    for (const one of target.of) {
      const people = await findBehind(tx, bureauId, one);
      if (people.length > 0) return people;
    }
    return [];
  }
  const people =
    target.kind === 'person'
      ? await listWorkingOf(tx, bureauId, [target.id])
      : target.kind === 'role'
        ? await listHoldersOf(tx, bureauId, target.role)
        : await listMembersOf(tx, bureauId, target.id);
  return people.map(({ id }) => id);
}
