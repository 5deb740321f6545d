/** The first draft of a week's digest: sentences around numbers, and people's own words, masked. A person goes on from it. */
import { wallDate, wallTime } from '#server/base/clock.ts';
import { maskPersonalData } from '#server/base/text/personal-data.ts';
import type { WeekFigures } from '#server/modules/inbox/index.ts';
import { caseChannelLabels, caseKindLabels } from '#shared/inbox.ts';
import { type DigestSection, fewMessages, otherSentences, trendOf } from '#shared/insight.ts';
import { quoteOf } from '../quote.ts';
import type { DigestText } from './store.ts';

export type DigestIssue = {
  title: string;
  messages: number;
  people: number;
  before: number;
  names: readonly string[];
  sentences: readonly string[];
  hasTopic: boolean;
};

export type DigestMaterial = {
  bureauName: string;
  /** Monday and Sunday. */
  week: string;
  lastDay: string;
  /** When it was reckoned, where the week had not ended by then. */
  asOf: Date | null;
  figures: WeekFigures;
  before: Pick<WeekFigures, 'received' | 'answered'>;
  issues: readonly DigestIssue[];
  /** Words like names that the bureau knows to be nobody's. */
  nobodys: ReadonlySet<string>;
};

const shownIssues = 5;
/** A long list is not watched. */
const watched = 5;

export function composeDigest(material: DigestMaterial): DigestText {
  const { bureauName, week, lastDay } = material;
  const sections: DigestSection[] = [
    { key: 'numbers', title: '一、本周概况', text: sayNumbers(material) },
    { key: 'issues', title: '二、群众反映集中的问题', text: sayIssues(material.issues) },
    { key: 'done', title: '三、办理情况', text: sayDone(material) },
    { key: 'suggestions', title: '四、意见建议采纳情况', text: saySuggestions(material) },
    { key: 'watch', title: '五、需要关注', text: sayWatch(material) },
  ];
  const title = `${bureauName}社情民意周报（${week.slice(0, 4)}年${sayDay(week)}至${sayLastDay(week, lastDay)}）`;
  return maskDigest({ title, sections }, material.nobodys).text;
}

/** Whatever stands in a digest goes through here: drafts, edits, files of what nobody signed. */
export function maskDigest(
  given: DigestText,
  nobodys: ReadonlySet<string>,
): { text: DigestText; masked: number } {
  let masked = 0;
  const mask = (text: string): string => {
    const found = maskPersonalData(text, nobodys);
    if (found.masked !== text) masked += found.spans.length;
    return found.masked;
  };
  const sections = given.sections.map((one) => ({ ...one, title: mask(one.title), text: mask(one.text) }));
  return { text: { title: mask(given.title), sections }, masked };
}

const sayDay = (day: string): string => `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`;

const sayLastDay = (week: string, lastDay: string): string =>
  week.slice(0, 4) === lastDay.slice(0, 4) ? sayDay(lastDay) : `${lastDay.slice(0, 4)}年${sayDay(lastDay)}`;

/** A hundred percent is all of them. */
const percent = (part: number, whole: number): string =>
  `${part === whole ? 100 : Math.min(99, Math.round((part / whole) * 100))}%`;

function sayNumbers({ figures, before, asOf }: DigestMaterial): string {
  const { received, byField, byKind, byChannel, satisfaction } = figures;
  const change = received - before.received;
  const compared =
    change === 0
      ? '与上周持平'
      : `比上周${change > 0 ? '多' : '少'} ${Math.abs(change)} 件（上周 ${before.received} 件）`;
  const lines = [`本周收到群众留言 ${received} 件，${compared}。`, sayAnswers(figures)];
  if (asOf)
    lines.unshift(`本周尚未结束，以下数字截至 ${sayDay(wallDate(asOf))} ${wallTime(asOf).slice(11)}。`);
  const list = (parts: readonly (readonly [string, number])[]) =>
    parts.map(([name, count]) => `${name} ${count} 件`).join('、');
  if (received > 0) {
    lines.push(`按业务：${list(byField.map((one) => [one.field ?? '未分类', one.count]))}。`);
    lines.push(`按类型：${list(byKind.map((one) => [caseKindLabels[one.kind].zh, one.count]))}。`);
    lines.push(`按渠道：${list(byChannel.map((one) => [caseChannelLabels[one.channel].zh, one.count]))}。`);
  }
  lines.push(
    satisfaction.count > 0 && satisfaction.mean !== null
      ? `满意度：${satisfaction.count} 人评价，平均 ${satisfaction.mean.toFixed(1)} 分（满分 5 分）。`
      : '满意度：本周没有收到评价。',
  );
  return lines.join('\n');
}

/** Who leaves something unanswered is not in time either: else a bureau that answers one thing has a hundred percent. */
function sayAnswers({ answered, inTime, overdue, closedUnanswered }: WeekFigures): string {
  const due = answered + overdue + closedUnanswered;
  if (due === 0) return '答复 0 件，没有超过期限未答复的留言。';
  const missed = [
    overdue > 0 ? `超过期限仍未答复 ${overdue} 件` : '',
    closedUnanswered > 0 ? `未答复即办结 ${closedUnanswered} 件` : '',
  ].filter((part) => part !== '');
  const rate = `按期答复率 ${percent(inTime, due)}（按期答复 ${inTime} 件 ÷ 应答复 ${due} 件；应答复包括已答复、超过期限仍未答复和未答复即办结的留言）`;
  return `${[`答复 ${answered} 件，其中按期 ${inTime} 件`, ...missed, rate].join('；')}。`;
}

function sayIssues(issues: readonly DigestIssue[]): string {
  if (issues.length === 0) return '本周没有汇总出多人反映的问题。';
  return issues
    .slice(0, shownIssues)
    .map(({ title, messages, people, before, names, sentences }, at) => {
      const place = names.length > 0 ? `，涉及${names.join('、')}` : '';
      const others = otherSentences({ title, sentences }).map((sentence) => `“${sentence}”`);
      return [
        `${at + 1}. ${title}（${people} 人反映，共 ${messages} 条；前七天 ${before} 条${place}）`,
        ...(others.length > 0 ? [`　　群众说法：${others.join('；')}。`] : []),
      ].join('\n');
    })
    .join('\n');
}

function sayDone({ figures, issues }: DigestMaterial): string {
  const { closed, supervised } = figures;
  const topics = issues.filter((issue) => issue.hasTopic).map((issue) => `《${issue.title}》`);
  return [
    `办结 ${closed} 件，督办 ${supervised} 件。`,
    topics.length > 0 ? `针对反映集中的问题，已着手撰写：${topics.join('、')}。` : '',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function saySuggestions({ figures, nobodys }: DigestMaterial): string {
  const { adopted, adoptedCount, notAdopted } = figures;
  if (adoptedCount + notAdopted === 0) return '本周没有办结的意见建议。';
  const list = adopted.map(
    ({ text, note }, at) => `${at + 1}. ${quoteOf(text, nobodys)}${note ? `：${note}` : ''}`,
  );
  const shown = adopted.length < adoptedCount ? `以下为前 ${adopted.length} 条：` : '';
  return [`采纳 ${adoptedCount} 条，未采纳 ${notAdopted} 条。${shown}`, ...list].join('\n');
}

function sayWatch({ figures, issues, before }: DigestMaterial): string {
  const { overdue, late, closedUnanswered, satisfaction } = figures;
  const lines = issues
    .filter((issue) => trendOf(issue) === 'growing')
    .slice(0, watched)
    .map(
      ({ title, messages, before: earlier }) => `“${title}”上升较快：由 ${earlier} 条增至 ${messages} 条。`,
    );
  // Where nothing was received in the week before everything would be new.
  const fresh = before.received > 0 ? issues.filter(isFresh).slice(0, watched) : [];
  if (fresh.length > 0)
    lines.push(`新出现：${fresh.map(({ title, messages }) => `“${title}”${messages} 条`).join('、')}。`);
  if (overdue > 0) lines.push(`有 ${overdue} 件留言超过期限仍未答复，请责任科室尽快答复。`);
  if (closedUnanswered > 0) lines.push(`本周有 ${closedUnanswered} 件留言未答复即办结，请核对理由。`);
  if (late > 0) lines.push(`本周 ${late} 件答复超过期限。`);
  if (satisfaction.low > 0) lines.push(`${satisfaction.low} 人评价为不满意，建议回访。`);
  return lines.length > 0 ? lines.join('\n') : '没有需要特别关注的情况。';
}

const isFresh = (issue: DigestIssue): boolean => trendOf(issue) === 'fresh' && issue.messages >= fewMessages;
