/** Post addresses as they stand in share texts; a share text goes on after the address with codes of its own. */
const REST = String.raw`(?:\?[\w\-.%&=~+:@!$/]*)?`;
const address = (rest: string): RegExp => new RegExp(`https?://${rest}`, 'i');

const links: readonly RegExp[] = [
  address(String.raw`v\.douyin\.com/[\w-]{5,}/?`),
  address(String.raw`(?:www\.)?douyin\.com/(?:video|note)/\d{10,}/?${REST}`),
  address(String.raw`(?:www\.)?douyin\.com/user/[\w-]+\?(?:[\w\-.%=~]+&)*modal_id=\d{10,}`),
  address(String.raw`(?:www\.)?iesdouyin\.com/share/(?:video|note)/[\w=+-]{10,}/?${REST}`),
];

/** The first of them in whatever was pasted; null when there is none. */
export function findLink(pasted: string): string | null {
  const found = links
    .map((pattern) => pattern.exec(pasted))
    .filter((match) => match !== null)
    .toSorted((a, b) => a.index - b.index)[0];
  // A full stop or exclamation mark after the address belongs to the sentence.
  return found ? found[0].replace(/[.?!:&@$]+$/, '') : null;
}
