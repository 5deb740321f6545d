/**
 * Which of the published answers or knowledge entries fits a question best. BM25 over character bigrams, with a little for longer and single ones (no
 * dictionary that could drift), the title weighed more, and a little for a document that holds most of the question.
 */
import { type Counts, countGrams } from './learn/features.ts';
import { foldForLearning } from './learn/fold.ts';

export type AnswerDocument = { id: string; title: string; text: string };
export type RankedAnswer = {
  id: string;
  score: number /** Share of the question's weight that the document holds. */;
  covered: number;
};

export type AnswerIndex = { rank(query: string, limit: number): RankedAnswer[] };

const settings = {
  saturation: 1.2,
  lengthShare: 0.75,
  titleWeight: 2,
  trigram: 0.1,
  single: 0.2,
  coverage: 0.5,
};
const longestDocument = 20_000;
/** What makes a question of it and greets, and says nothing about the matter. */
const courtesies =
  /您好|你好|请问|咨询一?下?|想问一?下?|问一下|谢谢|感谢|尊敬的|领导|为什么|为何|怎么办?|怎样|如何|什么时候|什么|哪里|哪儿|多少|何时|能不能|可不可以|是否|反映|投诉|建议|希望|请求|关于|问题|[吗呢吧了的]/gu;

/** A folded question without greetings and question words, a line break for each. */
export function withoutCourtesies(folded: string): string {
  return folded.replaceAll(courtesies, '\n').replaceAll(/[^\p{L}\p{N}]/gu, '\n');
}

/** For one question; whoever asks many keeps an index. */
export function rankAnswers(query: string, documents: readonly AnswerDocument[], limit = 5): RankedAnswer[] {
  return createAnswerIndex(documents).rank(query, limit);
}

export function createAnswerIndex(documents: readonly AnswerDocument[]): AnswerIndex {
  const counted = documents.map(({ title, text }) => {
    const parts = [
      { folded: foldForLearning(title), weight: settings.titleWeight },
      { folded: foldForLearning(text.slice(0, longestDocument)), weight: 1 },
    ];
    return {
      counts: countGrams(parts, { from: 1, to: 3 }),
      length: parts[0]!.folded.length + parts[1]!.folded.length,
    };
  });
  const postings = new Map<number, { at: number; count: number }[]>();
  counted.forEach(({ counts }, at) => {
    counts.hashes.forEach((hash, index) => {
      const list = postings.get(hash);
      const entry = { at, count: counts.counts[index]! };
      if (list) list.push(entry);
      else postings.set(hash, [entry]);
    });
  });
  const mean = counted.reduce((sum, { length }) => sum + length, 0) / Math.max(1, counted.length);
  const idf = (hash: number) => {
    const inDocuments = postings.get(hash)?.length ?? 0;
    return Math.log(1 + (documents.length - inDocuments + 0.5) / (inDocuments + 0.5));
  };
  return {
    rank(query, limit) {
      const terms = termsOf(query);
      const scores = new Float64Array(documents.length);
      const held = new Float64Array(documents.length);
      let total = 0;
      for (const { hash, weight } of terms) {
        const worth = idf(hash) * weight;
        total += worth;
        for (const { at, count } of postings.get(hash) ?? []) {
          const length =
            1 - settings.lengthShare + (settings.lengthShare * counted[at]!.length) / Math.max(1, mean);
          scores[at]! += (worth * count * (settings.saturation + 1)) / (count + settings.saturation * length);
          held[at]! += worth;
        }
      }
      const found = documents.flatMap(({ id }, at) => {
        const covered = total > 0 ? held[at]! / total : 0;
        return scores[at]! > 0
          ? [{ id, score: scores[at]! * (1 + settings.coverage * covered), covered }]
          : [];
      });
      return found.sort((a, b) => b.score - a.score).slice(0, limit);
    },
  };
}

function termsOf(query: string): { hash: number; weight: number }[] {
  const folded = foldForLearning(query);
  const bare = withoutCourtesies(folded);
  const kept = /[\p{L}\p{N}]/u.test(bare) ? bare : folded;
  return (
    [
      [1, settings.single],
      [2, 1],
      [3, settings.trigram],
    ] as const
  ).flatMap(([length, weight]) => {
    const { hashes, counts }: Counts = countGrams([{ folded: kept, weight: 1 }], {
      from: length,
      to: length,
    });
    return Array.from(hashes, (hash, at) => ({ hash, weight: weight * Math.sqrt(counts[at]!) }));
  });
}
