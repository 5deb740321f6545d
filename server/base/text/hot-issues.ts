/**
 * What many people bring up: groups of messages about one issue at one place, the hottest first. The office sees counts
 * and the people's own sentences; nothing is said about a person.
 */
import { cluster, cosines, mean } from './issues/cluster.ts';
import { splitByMatter } from './issues/cohesion.ts';
import { clusterFew } from './issues/few.ts';
import { keysOf } from './issues/keys.ts';
import { buildNameBook, withoutNames } from './issues/names.ts';
import { partByPlace } from './issues/places.ts';
import { buildVocabulary, countGrams, toVector } from './learn/features.ts';
import { foldForLearning } from './learn/fold.ts';

export type IssueMessage = {
  id: string;
  /** Who wrote it, when known: one person who repeats is still one. */
  person: string | null;
  title: string;
  text: string;
  at: Date;
  likes: number;
  dislikes: number;
};

export type HotIssue = {
  /** Title of the most central message. */
  title: string;
  ids: string[];
  people: number;
  first: Date;
  last: Date;
  likes: number;
  dislikes: number;
  heat: number;
  /** Messages of the last half of its time over those of the first: above 1 it grows. */
  growth: number;
  /** Most central first, no two alike; at most three. */
  sentences: string[];
  /** Places and groups that most of them name. */
  names: string[];
};

/** Changes with the formula; is shown beside every heat. */
export const heatVersion = 2;

/** An issue is what is brought up within a stretch of time; the same question asked all the year round is less. */
const crowdDays = 90;
/** A message that so many agreed with is an issue by itself. */
const petitionLikes = 100;

/**
 * People of the fullest ninety days count fully; repetitions a fifth, as far as there are other people; those who agreed
 * (likes less dislikes) by the root: nine hundred weigh as ten people who wrote.
 * people + 0.2 × min(messages − people, people) + √max(0, reactions) / 3
 */
export function heatOf({
  people,
  messages,
  reactions,
}: {
  people: number;
  messages: number;
  /** Likes less dislikes. */
  reactions: number;
}): number {
  return people + 0.2 * Math.min(messages - people, people) + Math.sqrt(Math.max(0, reactions)) / 3;
}

const lengths = { from: 2, to: 3 };
const titleWeight = 3;
/** Up to so many messages nothing can be told from how often a word is said, and every pair can be looked at. */
const fewMessages = 1_000;
/** A complaint says what it is about in its first lines; what follows is its story. */
const readUnits = 500;

export function findHotIssues(messages: readonly IssueMessage[], limit = 20): HotIssue[] {
  const folded = messages.map(({ title, text }) => ({
    title: foldForLearning(title),
    text: foldForLearning(text).slice(0, readUnits),
  }));
  const book = buildNameBook(folded.map(({ title, text }) => `${title}\n${text}`));
  const counts = folded.map(({ title, text }) => countParts(title, text));
  const bare = folded.map(({ title, text }) => ({
    title: withoutNames(title, book),
    text: withoutNames(text, book),
  }));
  const matterCounts = bare.map(({ title, text }) => countParts(title, text));
  const vocabulary = buildVocabulary(counts, 2);
  const whole = counts.map((one) => toVector(one, vocabulary));
  const matter = matterCounts.map((one) => toVector(one, vocabulary));
  const size = vocabulary.hashes.length;
  const named = folded.map(({ title, text }) => book.find(`${title}\n${text}`).map(({ name }) => name));
  const dense = new Float32Array(size);
  const frequency = new Int32Array(size);
  const sum = new Float64Array(size);
  for (const { at } of whole) for (const gram of at) frequency[gram]! += 1;
  const titles = folded.map(({ title }) => title);
  const groups = (
    messages.length <= fewMessages
      ? partByPlace(clusterFew({ whole: folded, matter: bare, named }), named, matter, size)
      : partByPlace(
          cluster({ whole, matter, keys: keysOf(named, titles), size }),
          named,
          matter,
          size,
        ).flatMap((group) => splitByMatter(group, matter, frequency, sum))
  ).filter((group) => group.length > 1);
  const grouped = new Set(groups.flat());
  const petitions = messages.flatMap(({ likes, dislikes }, at) =>
    likes - dislikes >= petitionLikes && !grouped.has(at) ? [[at]] : [],
  );
  return [...groups, ...petitions]
    .map((group) => {
      const own = group.map((at) => whole[at]!);
      const near = new Map(
        cosines(mean(own, dense), own, dense).map((value, index) => [group[index]!, value]),
      );
      const central = group.toSorted((a, b) => near.get(b)! - near.get(a)! || a - b);
      return describe(
        central.map((at) => messages[at]!),
        commonNames(central.map((at) => named[at]!)),
      );
    })
    .sort((a, b) => b.heat - a.heat || b.ids.length - a.ids.length || (a.ids[0]! < b.ids[0]! ? -1 : 1))
    .slice(0, limit);
}

const countParts = (title: string, text: string) =>
  countGrams(
    [
      { folded: title, weight: titleWeight },
      { folded: text, weight: 1 },
    ],
    lengths,
  );

/** @param messages the most central first */
function describe(messages: readonly IssueMessage[], names: string[]): HotIssue {
  const times = messages.map(({ at }) => at.getTime());
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const late = times.filter((time) => time > (first + last) / 2).length;
  const people = new Set(messages.map(({ person, id }) => person ?? `message ${id}`)).size;
  const likes = messages.reduce((sum, one) => sum + one.likes, 0);
  const dislikes = messages.reduce((sum, one) => sum + one.dislikes, 0);
  return {
    title: messages.find(({ title }) => title.trim() !== '')?.title.trim() ?? messages[0]!.text.slice(0, 30),
    ids: messages.map(({ id }) => id),
    people,
    first: new Date(first),
    last: new Date(last),
    likes,
    dislikes,
    heat: heatOf({ ...fullestStretch(messages), reactions: likes - dislikes }),
    growth: messages.length < 2 ? 1 : late / Math.max(1, messages.length - late),
    sentences: differentSentences(messages),
    names,
  };
}

/** The most people who wrote within `crowdDays`, and their messages of these days. */
function fullestStretch(messages: readonly IssueMessage[]): { people: number; messages: number } {
  const ordered = messages
    .map(({ id, person, at }) => ({ who: person ?? `message ${id}`, time: at.getTime() }))
    .sort((a, b) => a.time - b.time);
  const inside = new Map<string, number>();
  let best = { people: 0, messages: 0 };
  let from = 0;
  for (const [to, { who, time }] of ordered.entries()) {
    inside.set(who, (inside.get(who) ?? 0) + 1);
    for (; time - ordered[from]!.time > crowdDays * 86_400_000; from += 1) {
      const left = ordered[from]!.who;
      const rest = inside.get(left)! - 1;
      if (rest === 0) inside.delete(left);
      else inside.set(left, rest);
    }
    const now = { people: inside.size, messages: to - from + 1 };
    if (now.people > best.people || (now.people === best.people && now.messages > best.messages)) best = now;
  }
  return best;
}

function differentSentences(messages: readonly IssueMessage[]): string[] {
  const chosen: string[] = [];
  for (const { title, text } of messages) {
    const sentence = (title.trim() || text.trim().split(/[。！？\n]/)[0] || '').slice(0, 80);
    if (sentence === '' || chosen.some((other) => overlap(other, sentence) > 0.7)) continue;
    chosen.push(sentence);
    if (chosen.length === 3) break;
  }
  return chosen;
}

/** Shared bigrams over those of the shorter one. */
function overlap(a: string, b: string): number {
  const pairs = (text: string) =>
    new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2)));
  const [one, other] = [pairs(foldForLearning(a)), pairs(foldForLearning(b))];
  return [...one].filter((pair) => other.has(pair)).length / Math.max(1, Math.min(one.size, other.size));
}

function commonNames(found: readonly (readonly string[])[]): string[] {
  const counts = new Map<string, number>();
  for (const names of found) for (const name of new Set(names)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count * 2 >= found.length)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 3)
    .map(([name]) => name);
}
