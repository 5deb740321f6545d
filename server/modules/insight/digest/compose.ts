/** The first draft of a week's digest: sentences around numbers, and people's own words, masked. A person goes on from it. */
import { maskPersonalData } from '#server/base/text/personal-data.ts';
import type { WeekFigures } from '#server/modules/inbox/index.ts';
import { caseChannelLabels, caseKindLabels } from '#shared/inbox.ts';
import type { DigestSection } from '#shared/insight.ts';
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
  figures: WeekFigures;
  before: Pick<WeekFigures, 'received' | 'answered'>;
  issues: readonly DigestIssue[];
  /** Words like names that the bureau knows to be nobody's. */
  nobodys: ReadonlySet<string>;
};

/** Issues that grew so much are to be watched. */
const growth = { times: 2, least: 3 };
const shownIssues = 5;

export function composeDigest(material: DigestMaterial): DigestText {
  const { bureauName, week, lastDay } = material;
  const sections: DigestSection[] = [
    { key: 'numbers', title: '一、本周概况', text: sayNumbers(material) },
    { key: 'issues', title: '二、群众反映集中的问题', text: sayIssues(material.issues) },
    { key: 'done', title: '三、办理情况', text: sayDone(material) },
    { key: 'suggestions', title: '四、意见建议采纳情况', text: saySuggestions(material) },
    { key: 'watch', title: '五、需要关注', text: sayWatch(material) },
  ];
  const title = `${bureauName}社情民意周报（${sayDay(week)}至${sayDay(lastDay)}）`;
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

const percent = (part: number, whole: number): string => `${Math.round((part / whole) * 100)}%`;

function sayNumbers({ figures, before }: DigestMaterial): string {
  const { received, answered, inTime, byField, byKind, byChannel, satisfaction } = figures;
  const change = received - before.received;
  const compared =
    change === 0
      ? '与上周持平'
      : `比上周${change > 0 ? '多' : '少'} ${Math.abs(change)} 件（上周 ${before.received} 件）`;
  const lines = [
    `本周收到群众留言 ${received} 件，${compared}；答复 ${answered} 件${
      answered > 0 ? `，其中按期 ${inTime} 件，按期率 ${percent(inTime, answered)}` : ''
    }。`,
  ];
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

function sayIssues(issues: readonly DigestIssue[]): string {
  if (issues.length === 0) return '本周没有汇总出多人反映的问题。';
  return issues
    .slice(0, shownIssues)
    .map(({ title, messages, people, before, names, sentences }, at) => {
      const place = names.length > 0 ? `，涉及${names.join('、')}` : '';
      const quotes = sentences.map((sentence) => `　　“${sentence}”`);
      return [
        `${at + 1}. ${title}（${people} 人 ${messages} 条，上一时段 ${before} 条${place}）`,
        ...quotes,
      ].join('\n');
    })
    .join('\n');
}

function sayDone({ figures, issues }: DigestMaterial): string {
  const { answered, closed, supervised } = figures;
  const topics = issues.filter((issue) => issue.hasTopic).map((issue) => `《${issue.title}》`);
  return [
    `答复 ${answered} 件，办结 ${closed} 件，督办 ${supervised} 件。`,
    topics.length > 0 ? `针对反映集中的问题，已着手撰写：${topics.join('、')}。` : '',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function saySuggestions({ figures: { adopted, notAdopted }, nobodys }: DigestMaterial): string {
  if (adopted.length + notAdopted === 0) return '本周没有办结的意见建议。';
  const list = adopted.map(
    ({ text, note }, at) => `${at + 1}. ${quoteOf(text, nobodys)}${note ? `：${note}` : ''}`,
  );
  return [`采纳 ${adopted.length} 条，未采纳 ${notAdopted} 条。`, ...list].join('\n');
}

function sayWatch({ figures, issues }: DigestMaterial): string {
  const growing = issues.filter(
    ({ messages, before }) => messages >= growth.least && messages >= growth.times * Math.max(1, before),
  );
  const lines = growing.map(
    ({ title, messages, before }) => `“${title}”上升较快：由 ${before} 条增至 ${messages} 条。`,
  );
  if (figures.overdue > 0) lines.push(`目前有 ${figures.overdue} 件留言超过期限未答复。`);
  if (figures.late > 0) lines.push(`本周 ${figures.late} 件答复超过期限。`);
  if (figures.satisfaction.low > 0) lines.push(`${figures.satisfaction.low} 人评价为不满意，建议回访。`);
  return lines.length > 0 ? lines.join('\n') : '没有需要特别关注的情况。';
}
