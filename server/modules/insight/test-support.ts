/** People who write to a bureau, without a platform: rows as the intake leaves them. */
import { sql } from 'kysely';
import type { App } from '#server/base/app.ts';
import { newId } from '#server/base/ids.ts';
import type { CaseChannel, CaseKind } from '#shared/inbox.ts';

export type Written = {
  text: string;
  at: Date;
  person?: string;
  channel?: CaseChannel;
  kind?: CaseKind;
  field?: string | null;
  title?: string;
  /** The office's answer, an hour later. */
  reply?: string;
  unitId?: string;
  dueAt?: Date;
  outcome?: string;
  /** Null: whoever wrote it took it back. Without it an outcome comes with the answer. */
  closed?: { at: Date; by: string | null };
  satisfaction?: number;
};

let count = 0;

/** @returns the case */
export async function writeIn(app: App, bureauId: string, written: Written): Promise<string> {
  const [caseId, conversationId] = [newId(), newId()];
  const person = written.person ?? `person ${++count}`;
  const channel = written.channel ?? 'ask';
  const { at, text } = written;
  const answeredAt = new Date(at.getTime() + 3_600_000);
  await app.database.withWorker(async (tx) => {
    const own = { bureau_id: bureauId };
    await tx
      .insertInto('conversations')
      .values({
        ...{ ...own, id: conversationId, kind: channel, thread_key: conversationId, person_key: person },
        last_at: at,
      })
      .execute();
    const says = (direction: 'in' | 'out', words: string, when: Date) =>
      tx
        .insertInto('messages')
        .values({
          ...{ ...own, id: newId(), conversation_id: conversationId, direction, platform_id: newId() },
          ...{ text: words, at: when },
        })
        .execute();
    await says('in', text, at);
    if (written.reply) await says('out', written.reply, answeredAt);
    await tx
      .insertInto('cases')
      .values({
        ...{ ...own, id: caseId, number: `T${newId().slice(-12)}`, kind: written.kind ?? 'consult', channel },
        ...{ field: written.field ?? null, title: written.title ?? text.slice(0, 40), received_at: at },
        ...{ unit_id: written.unitId ?? null, due_at: written.dueAt ?? null },
        ...{ state: written.outcome ? 'closed' : written.reply ? 'answered' : 'open' },
        ...{ answered_at: written.reply ? answeredAt : null },
        ...(written.outcome ? { outcome: written.outcome, closed_at: written.closed?.at ?? answeredAt } : {}),
        ...(written.satisfaction
          ? { satisfaction: written.satisfaction, satisfaction_at: answeredAt, satisfaction_from: 'site' }
          : {}),
      })
      .execute();
    await tx
      .insertInto('case_conversations')
      .values({ ...own, case_id: caseId, conversation_id: conversationId })
      .execute();
    await sql`
      insert into case_events (bureau_id, id, case_id, event, at) values
      (${bureauId}, ${newId()}, ${caseId}, 'received', ${at})`.execute(tx);
    const { closed } = written;
    if (closed)
      await sql`
        insert into case_events (bureau_id, id, case_id, event, at, actor_id) values
        (${bureauId}, ${newId()}, ${caseId}, 'closed', ${closed.at}, ${closed.by})`.execute(tx);
  });
  return caseId;
}

/** Wages that a firm owes, told by many, some with their telephone; and as many single matters. */
export const unpaid = [
  // The number stands where a sentence of thirty signs would be cut.
  '请问宏达公司拖欠工资怎么办，我们工地二十多人半年没发工资了，电话13812345678',
  '宏达公司拖欠我们农民工工资半年，多次讨要没有结果，身份证号110101199003070011可以核实',
  '宏达公司欠薪不给，工地工人的工资拖欠半年了，谁来管',
  '宏达公司工地拖欠工资，半年没发工资，请劳动监察帮忙',
  '我叫李建国，宏达公司拖欠我工资半年没发，多次讨要不给',
];
export const single = [
  '社保卡丢了在哪里补办需要带什么',
  '灵活就业养老保险怎么缴费',
  '退休手续在哪个窗口办理呢',
  '职称评审今年几月开始报名',
  '创业担保贷款最多能贷多少钱',
  '失业金可以领几个月需要什么条件',
  '电工培训班什么时候开课，收费吗',
  '事业单位招聘考试准考证打不出来',
];
