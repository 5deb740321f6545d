/** Making a text fit: counting as people count, cutting where a sentence ends. Pure. */
import { withoutTopics } from '#shared/topics.ts';

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });
const SENTENCE = /[^。！？；!?\n]+[。！？；!?]*[”’」』）]*/g;

/** What people see as one character counts as one. */
export function charactersOf(text: string): string[] {
  return [...graphemes.segment(text)].map(({ segment }) => segment);
}

export const lengthOf = (text: string): number => charactersOf(text).length;

/**
 * A title that is too long ends at its last clause that fits, if that leaves at least half of the room; else within, with
 * an ellipsis.
 */
export function cutTitle(title: string, most: number): string {
  const characters = charactersOf(title.trim());
  if (characters.length <= most) return characters.join('');
  const head = characters.slice(0, most).join('');
  const clause = /^(.+)[。！？；：，、!?;:,\s—｜|]/u.exec(head)?.[1]?.trim() ?? '';
  if (lengthOf(clause) * 2 >= most) return clause;
  return `${characters
    .slice(0, most - 1)
    .join('')
    .trimEnd()}…`;
}

/** Whole paragraphs, then whole sentences of the next one, as many as fit; of a first sentence too long, its beginning. */
export function fitParagraphs(paragraphs: readonly string[], most: number, gap = '\n\n'): string {
  let text = '';
  for (const paragraph of paragraphs.map((line) => line.trim()).filter(Boolean)) {
    let separator = text ? gap : '';
    for (const sentence of paragraph.match(SENTENCE) ?? []) {
      if (lengthOf(`${text}${separator}${sentence}`) > most) return text || cutTitle(sentence, most);
      text = `${text}${separator}${sentence}`;
      separator = '';
    }
  }
  return text;
}

/** The words up to the end of the first sentence or line, topics aside: all that a folded post shows. */
export function firstSentence(text: string): string {
  return (withoutTopics(text).trim().match(SENTENCE)?.[0] ?? '').trim();
}
