/**
 * What cannot wait for somebody to look: wages, injury, danger. Whoever is on duty is called at once, and no machine speaks
 * first. Pure, so that it can be explained by the words that were found.
 */
import { findDanger } from '#server/base/text/mood.ts';
import type { CaseKind, CaseUrgency } from '#shared/inbox.ts';
import type { CaseField } from './words.ts';

export type Alarm = { urgency: Extract<CaseUrgency, 'urgent' | 'critical'>; words: string[] };

const far = '[^。！？!?，,；;]';
const pay = '工资|工钱|薪水|薪资|血汗钱|加班费|生活费|提成|押金|经济补偿|赔偿金|工程款|劳务费';
const withheld =
  '拖欠|克扣|欠了?|不发|没发|未发|没有发|不给|没给|未给|不付|没付|未付|不结|没结|未结|拿不到|没拿到|要不到|要不回|讨要|压着|扣押';
const alarms: readonly RegExp[] = [
  new RegExp(`(?:${withheld})${far}{0,10}(?:${pay})`),
  new RegExp(`(?:${pay})${far}{0,10}(?:${withheld})`),
  // Somebody was hurt: a part of the body and what happened to it, or the fall of something on somebody.
  new RegExp(
    `(?:手|指|臂|胳膊|脚|腿|腰|头|眼睛?|脊椎|肋骨)${far}{0,6}(?:轧|砸|压|夹|绞|切|锯|割|断|烫|摔|骨折|伤了|出血)`,
  ),
  /砸[到中伤死][了着]?(?:人|我|他|她|工)|[摔跌掉]下来|高处坠落|触电|烧伤|烫伤|摔伤|骨折|昏迷|晕倒|昏倒|出血不止|送医|抢救/,
];

/** Asked, not told: how something is done, without anybody to whom it happened. */
const asking =
  /[吗么呢?？]|怎么|如何|怎样|什么|哪里|哪些|多少|多久|是否|能否|可以|可不可以|流程|材料|标准|条件/;
const somebody =
  /我|俺|咱|本人|老公|老婆|丈夫|妻子|孩子|儿子|女儿|爸|妈|父亲|母亲|哥|弟弟|姐|妹|工友|同事|老板|厂里|单位不|公司不/;
const complaining: ReadonlySet<CaseKind> = new Set(['complaint', 'report', 'help']);
const quiet: ReadonlySet<CaseKind> = new Set(['thanks', 'suggestion']);

/** @param dutyWords set by the bureau */
export function findAlarm(
  text: string,
  { kind, field }: { kind: CaseKind; field: CaseField | null },
  dutyWords: readonly string[],
): Alarm | null {
  const plain = text.normalize('NFKC').replaceAll(/\s+/g, '');
  const danger = findDanger(plain);
  const found = [
    ...dutyWords.filter((word) => plain.includes(word)),
    ...alarms.flatMap((pattern) => pattern.exec(plain)?.[0] ?? []),
  ];
  const rights = field === '维权/欠薪' && complaining.has(kind);
  if (danger.length === 0 && found.length === 0 && !rights) return null;
  const told = complaining.has(kind) || somebody.test(plain) || !asking.test(plain);
  if (danger.length === 0 && (quiet.has(kind) || !told)) return null;
  const words = [...new Set([...danger, ...found])];
  return {
    urgency: danger.length > 0 && told ? 'critical' : 'urgent',
    words: words.length > 0 ? words : [field!],
  };
}

const ranks: readonly CaseUrgency[] = ['normal', 'urgent', 'critical'];

/** The graver of the two. */
export const graver = (one: CaseUrgency, other: CaseUrgency): CaseUrgency =>
  ranks.indexOf(one) >= ranks.indexOf(other) ? one : other;
