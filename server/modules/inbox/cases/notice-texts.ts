/** What a citizen is told beside the answer. Chinese alone: it goes to people who wrote in Chinese. */
import { wallDate } from '#server/base/clock.ts';

/** @param given.reason in the words of whoever asked for it; @param given.dueAt the new day; null: not known */
export function extensionNotice({
  days,
  reason,
  dueAt,
}: {
  days: number;
  reason: string;
  dueAt: Date | null;
}): string {
  const day = dueAt ? `，预计${monthAndDay(dueAt)}前答复` : '';
  const why = reason.trim() ? `原因：${withoutStop(reason)}。` : '';
  return `您好，您反映的事项还需要进一步核实，办理时间延长 ${days} 个工作日${day}。${why}感谢您的理解。`;
}

export function suggestionNotice(outcome: 'adopted' | 'not-adopted', reason: string): string {
  const said = withoutStop(reason);
  return outcome === 'adopted'
    ? `您好，您提出的建议已采纳：${said}。感谢您对我们工作的支持。`
    : `您好，您提出的建议我们认真研究过，暂时没有采纳：${said}。感谢您的关心，欢迎继续提出宝贵意见。`;
}

const withoutStop = (text: string): string => text.trim().replace(/[。．.！!；;，,]+$/, '');

function monthAndDay(at: Date): string {
  const [, month, day] = wallDate(at).split('-').map(Number);
  return `${month}月${day}日`;
}
