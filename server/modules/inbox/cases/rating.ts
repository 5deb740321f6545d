/** 满意 / 不满意: what a person says of the answer they got, in a word or the number they were asked for. */

/** Stands below an answer in a private conversation, and is part of what a reviewer signs. */
export const ratingQuestion = '\n您对本次答复满意吗？回复 1 满意，回复 2 不满意。';

const satisfied = /^(?:1|满意|很满意|非常满意|比较满意|解决了|已解决)$/;
const unsatisfied = /^(?:2|不满意|很不满意|非常不满意|不太满意|没解决|没有解决|未解决|还没解决)$/;
/** The verdict first, then why. A number may begin a list, so only words count here. */
const withReason = /^\s*(?:不满意|没解决|没有解决|未解决|还没解决)\s*[，,。.！!：:；;\n]\s*(?=.*\p{L})/u;

/** Stars as the site counts them; null when it is anything else, which is then a message like any other. */
export function readRating(text: string): 1 | 5 | null {
  const plain = text.normalize('NFKC').replaceAll(/[^\p{L}\p{N}]/gu, '');
  if (satisfied.test(plain)) return 5;
  return unsatisfied.test(plain) || withReason.test(text) ? 1 : null;
}
