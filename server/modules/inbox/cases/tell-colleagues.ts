/** Colleagues are told when a case comes to them, or when somebody must decide. */
import type { Actor, SystemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { type NoticeTarget, notify } from '#server/modules/notices/index.ts';
import type { Text } from '#shared/lang.ts';
import type { NoticeKind } from '#shared/notices.ts';

export type Told = { event: string; to: NoticeTarget[] };

const kinds: Readonly<Record<string, NoticeKind>> = {
  assigned: 'case-assigned',
  returned: 'work-waiting',
  supervised: 'case-escalated',
  reopened: 'work-waiting',
  'extension-asked': 'work-waiting',
  extended: 'work-waiting',
  'extension-refused': 'work-waiting',
  'closing-asked': 'work-waiting',
  closed: 'work-waiting',
  'closing-refused': 'work-waiting',
  'to-tell': 'work-waiting',
  'urgency-set': 'case-escalated',
  'spam-marked': 'work-waiting',
  'helper-added': 'case-assigned',
  withdrawn: 'case-withdrawn',
};
const texts: Readonly<Record<string, Text>> = {
  assigned: { zh: '已分派给您办理', en: 'was assigned to you' },
  returned: { zh: '被科室退办，请重新分派', en: 'was returned by its section: assign it anew' },
  reopened: { zh: '重新打开了，请再次办理', en: 'is open again: please look into it once more' },
  supervised: { zh: '已被督办，请抓紧办理', en: 'is under supervision' },
  'extension-asked': { zh: '申请延期，请审批', en: 'asks for an extension' },
  extended: { zh: '延期申请已同意', en: 'was granted its extension' },
  'extension-refused': { zh: '延期申请没有同意，请按原期限办结', en: 'was refused its extension' },
  'closing-asked': { zh: '申请办结，请审批', en: 'is to be closed: please decide' },
  closed: { zh: '办结申请已同意', en: 'is closed, as you asked' },
  'closing-refused': { zh: '办结申请没有同意，请继续办理', en: 'is not to be closed: please go on with it' },
  'to-tell': {
    zh: '有话要告知来信人，请打电话或当面告知',
    en: 'has words for the person: ring up or tell them',
  },
  'urgency-set': { zh: '调高了紧急程度，请抓紧办理', en: 'is more urgent now: act soon' },
  'spam-marked': {
    zh: '是投诉或举报，被标记为垃圾信息，请看一看',
    en: 'was a complaint or report and is marked as spam: have a look',
  },
  'helper-added': { zh: '请您的科室协办', en: 'asks your section to help' },
  withdrawn: { zh: '已由来信人撤回，不用再办', en: 'was withdrawn by the person: nothing is left to do' },
};

const pressing: ReadonlySet<string> = new Set(['supervised', 'urgency-set']);

/** An event without words tells nobody. */
export async function tellColleagues(
  app: App,
  tx: Tx,
  actor: Pick<Actor, 'bureauId' | 'personId'> | SystemActor,
  found: { id: string; number: string; due_at: Date | null },
  { event, to }: Told,
): Promise<void> {
  const words = texts[event];
  const kind = kinds[event];
  if (!words || !kind || to.length === 0) return;
  await notify(app, tx, {
    bureauId: actor.bureauId,
    to,
    except: actor.personId === null ? [] : [actor.personId],
    kind,
    subject: { kind: 'case', id: found.id },
    text: { zh: `留言 ${found.number} ${words.zh}`, en: `Case ${found.number} ${words.en}` },
    reference: found.number,
    ...(found.due_at ? { dueAt: found.due_at } : {}),
    link: `/inbox/${found.id}`,
    urgency: pressing.has(event) ? 'urgent' : 'normal',
    // Each happening is another: assigned twice is told twice.
    dedupKey: `case:${found.id}:${event}:${newId()}`,
  });
}
