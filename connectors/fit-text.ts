/** Making a text fit: counting as people count, cutting where a sentence ends. Pure. */
import { withoutTopics } from '#shared/topics.ts';
import type { FittedText } from './contract.ts';

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

export const fitTitle = (title: string, limit: number): FittedText => ({
  ...{ text: cutTitle(title, limit), used: lengthOf(title.trim()), limit, unit: 'characters' },
});

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

/**
 * What a field takes of a text, counted in characters that people see. Topics at its end stay: the words before them give way.
 */
export function fitText(text: string, limit: number): FittedText {
  const used = lengthOf(text);
  if (used <= limit) return { text, used, limit, unit: 'characters' };
  const lines = text.trimEnd().split('\n');
  const last = lines.at(-1) ?? '';
  const topics = lines.length > 1 && withoutTopics(last).trim() === '' ? last : '';
  const room = limit - (topics ? lengthOf(topics) + 1 : 0);
  // Topics alone are no text.
  if (topics && room > limit / 2)
    return {
      ...{ text: `${beginningOf(lines.slice(0, -1).join('\n'), room)}\n${topics}`, used, limit },
      unit: 'characters',
    };
  return { text: beginningOf(text, limit), used, limit, unit: 'characters' };
}

/** The longest beginning that ends with a sentence or line, else with a clause or word; its own breaks are kept. */
function beginningOf(text: string, most: number): string {
  const whole = charactersOf(text);
  if (whole.length <= most) return text;
  const head = whole.slice(0, most).join('');
  const next = whole[most] ?? '';
  // A sentence that ends just where the room does.
  const sentence =
    next === '\n' ? head : (/^[\s\S]*[。！？；!?\n][”’」』）]*/.exec(head)?.[0].trimEnd() ?? '');
  return lengthOf(sentence) * 2 >= most ? sentence.trimEnd() : cutTitle(text, most);
}

/** The words up to the end of the first sentence or line, topics aside: all that a folded post shows. */
export function firstSentence(text: string): string {
  return (withoutTopics(text).trim().match(SENTENCE)?.[0] ?? '').trim();
}
