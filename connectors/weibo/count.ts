/**
 * The platform's count of characters. U+0000–00FF count a half, other characters of the basic plane one, all others
 * (most emoji) two; the sum is rounded up (measured in schappo.blogspot.co.uk/2012/10/weibo-character-count.html).
 * A link counts as its short form, 20 halves: from memory of the site's own script, not documented.
 */
const LINK = /https?:\/\/[\w.:-]+(?:\/[\w\-./?%&=~#+:@!$'*;,()]*)?/gi;
const LINK_HALVES = 20;

export const linksIn = (text: string): string[] => text.match(LINK) ?? [];
export const withoutLinks = (text: string): string => text.replace(LINK, '');

/** Half characters; the limit of 140 is 280 of them. */
export function countHalves(text: string): number {
  let halves = linksIn(text).length * LINK_HALVES;
  const rest = withoutLinks(text);
  // By code units on purpose: a pair of surrogates counts two characters.
  for (let at = 0; at < rest.length; at += 1) halves += rest.charCodeAt(at) <= 0xff ? 1 : 2;
  return halves;
}

export const countCharacters = (text: string): number => Math.ceil(countHalves(text) / 2);
