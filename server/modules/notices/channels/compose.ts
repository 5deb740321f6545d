/** What a mail and a robot say. A robot: kind, number, deadline and link, nothing else, so that no words can leak into a group. */
import { createHash } from 'node:crypto';
import type { RobotMessage } from '#connectors/robot-contract.ts';
import { wallTime } from '#server/base/clock.ts';
import { type NoticeKind, noticeKindLabels } from '#shared/notices.ts';

export type OutgoingNotice = {
  kind: string;
  reference: string | null;
  words_zh: string;
  link: string;
  phone_link: string | null;
  due_at: Date | null;
};

/** A robot's text must stay below 2,048 bytes. */
const mostEntries = 8;
const mostMailEntries = 30;

const labelOf = (notice: OutgoingNotice) => noticeKindLabels[notice.kind as NoticeKind]?.zh ?? '通知';
const dueOf = ({ due_at }: OutgoingNotice) => (due_at ? `，期限 ${wallTime(due_at)}` : '');
const linkOf = (publicUrl: string, notice: OutgoingNotice) =>
  `${publicUrl}/desk${notice.phone_link ?? notice.link}`;

export function composeRobotMessage(publicUrl: string, notices: readonly OutgoingNotice[]): RobotMessage {
  const shown = notices.slice(0, mostEntries);
  const rest = notices.length - shown.length;
  const entries = shown.map((notice) => ({
    text: `${labelOf(notice)}${notice.reference ? ` ${notice.reference}` : ''}${dueOf(notice)}`,
    link: linkOf(publicUrl, notice),
  }));
  if (rest > 0) entries.push({ text: `另有 ${rest} 条，请到工作台查看`, link: `${publicUrl}/desk/notices` });
  return { title: `【回声】${notices.length} 条通知`, entries };
}

export function composeMail(
  publicUrl: string,
  notices: readonly OutgoingNotice[],
): { subject: string; text: string } {
  const [first] = notices;
  const shown = notices.slice(0, mostMailEntries);
  const rest = notices.length - shown.length;
  const lines = shown.flatMap((notice) => [
    `· ${notice.words_zh}${dueOf(notice)}`,
    `  ${linkOf(publicUrl, notice)}`,
    '',
  ]);
  if (rest > 0) lines.push(`另有 ${rest} 条：${publicUrl}/desk/notices`, '');
  return {
    // A line break in words of ours would otherwise begin another header.
    subject: oneLine(
      notices.length === 1
        ? `【回声】${first!.words_zh}`
        : `【回声】${notices.length} 条通知：${labelOf(first!)}等`,
    ),
    text: [...lines, `修改接收方式：${publicUrl}/desk/notices/settings`].join('\n'),
  };
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').slice(0, 120);

/** The same for the same notices: a mail program shows a message handed in twice once. */
export function messageIdOf(publicUrl: string, sendingIds: readonly string[]): string {
  const digest = createHash('sha256').update(sendingIds.toSorted().join()).digest('hex').slice(0, 32);
  return `<${digest}@${new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')}>`;
}
