/**
 * Nearly the same text on several accounts of one platform at nearly the same time. The platforms take it for spam, and the
 * rules for public accounts (互联网用户公众账号信息服务管理规定, 2021) forbid it: the remedy is to stagger or to adapt.
 */
import type { VariantProblem } from '#connectors/contract.ts';

export type Post = {
  accountId: string;
  accountName: string;
  platform: string;
  /** Of another article that went to review lately; null: of this one. */
  article: string | null;
  text: string;
  /** Milliseconds; null: as soon as it is approved. */
  at: number | null;
};

/** Accounts of one platform that may carry the same text within an hour; more is refused. */
const mostAtOnce = 3;
const hour = 3_600_000;
/** Share of common four-character stretches above which a reader would call two texts the same. */
const alikeShare = 0.7;
const stretch = 4;

/** Letters and figures alone: links, marks and spacing make no other text. */
export function normalise(text: string): string {
  return text
    .replace(/<[^>]*>/g, '')
    .replace(/&\w+;/g, '')
    .replace(/https?:\/\/\S+/g, '')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
}

function stretchesOf(text: string): ReadonlySet<string> {
  const plain = normalise(text);
  const found = new Set<string>();
  for (let at = 0; at + stretch <= plain.length; at += 1) found.add(plain.slice(at, at + stretch));
  return found.size > 0 ? found : new Set([plain]);
}

/** Common to all, 0 to 1. */
function shareOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let common = 0;
  for (const one of small) if (large.has(one)) common += 1;
  return common / (a.size + b.size - common);
}

/** Findings by account id; `recent` are posts of other articles of the last days. */
export function findAlike(posts: readonly Post[], recent: readonly Post[]): Map<string, VariantProblem[]> {
  const read = (list: readonly Post[]) => list.map((post) => ({ post, parts: stretchesOf(post.text) }));
  const [own, others] = [read(posts), read(recent)];
  const found = new Map<string, VariantProblem[]>();
  for (const { post, parts } of own) {
    const same = (other: (typeof own)[number]) =>
      other.post.platform === post.platform && shareOf(parts, other.parts) >= alikeShare;
    const near = own.filter((other) => other.post !== post && isNear(post, other.post) && same(other));
    const before = others.find(same);
    const problems: VariantProblem[] = [];
    if (near.length > 0) problems.push(atOnce(near.map((other) => other.post.accountName)));
    if (before) problems.push(lately(before.post));
    if (problems.length > 0) found.set(post.accountId, problems);
  }
  return found;
}

const isNear = (a: Post, b: Post): boolean =>
  a.at === null || b.at === null ? a.at === b.at : Math.abs(a.at - b.at) < hour;

function atOnce(names: readonly string[]): VariantProblem {
  const blocks = names.length + 1 > mostAtOnce;
  const advice = '请错开一小时以上，或为每个账号改写文字';
  return {
    level: blocks ? 'block' : 'warn',
    field: 'body',
    zh: blocks
      ? `同一平台有 ${names.length + 1} 个账号同时发几乎相同的文字，最多 ${mostAtOnce} 个。${advice}。`
      : `与“${names.join('”“')}”同时发几乎相同的文字，平台可能判为重复。${advice}。`,
    en: `${names.length + 1} accounts of one platform would post nearly the same text at once (at most ${mostAtOnce}). Stagger them by an hour or adapt the words.`,
  };
}

const lately = (other: Post): VariantProblem => ({
  level: 'warn',
  field: 'body',
  zh: `近 3 天“${other.accountName}”已送审过几乎相同的文字（《${other.article}》），请确认不是重复发布，或改写后再发。`,
  en: `“${other.accountName}” had nearly the same text within three days (“${other.article}”). See that it is no repetition, or adapt it.`,
});
