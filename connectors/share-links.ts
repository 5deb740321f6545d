/** Finding a post's address inside whatever was pasted: a bare link, or a share text with words and codes around it. */

/** An address after `https://`; blanks and every full-width character of a share text end it. */
export const addressPattern = (rest: string): RegExp => new RegExp(`https?://${rest}`, 'i');
/** What may follow the path of an address. */
export const queryPattern = String.raw`(?:\?[\w\-.%&=~+:@!$/]*)?`;

/** The first match of any of the patterns; a full stop or exclamation mark after the address belongs to the sentence. */
export function findFirstLink(patterns: readonly RegExp[], pasted: string): string | null {
  const found = patterns
    .map((pattern) => pattern.exec(pasted))
    .filter((match) => match !== null)
    .toSorted((a, b) => a.index - b.index)[0];
  return found ? found[0].replace(/[.?!:&@$]+$/, '') : null;
}

/** Two connectors serve this platform: one by the API, one by a code that a phone scans. */
export const douyinLinks: readonly RegExp[] = [
  addressPattern(String.raw`v\.douyin\.com/[\w-]{5,}/?`),
  addressPattern(String.raw`(?:www\.)?douyin\.com/(?:video|note)/\d{10,}/?${queryPattern}`),
  addressPattern(String.raw`(?:www\.)?douyin\.com/user/[\w-]+\?(?:[\w\-.%=~]+&)*modal_id=\d{10,}`),
  addressPattern(String.raw`(?:www\.)?iesdouyin\.com/share/(?:video|note)/[\w=+-]{10,}/?${queryPattern}`),
];
