/** What the platform does to the HTML of an article: scripts go, foreign pictures go, outside links lose their link. */

/** Pictures uploaded for article bodies have addresses under this host, which exists nowhere. */
export const PICTURE_HOST = 'http://mmbiz.sandbox.invalid/';

const DROPPED_WITH_CONTENT = ['script', 'style', 'iframe', 'form', 'object', 'link', 'meta'];
const TAG = /<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>/gi;
const ATTRIBUTE = /([a-z][\w-]*)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)/gi;

export function filterContent(html: string): string {
  let kept = html.replaceAll(/<!--[\s\S]*?-->/g, '');
  for (const name of DROPPED_WITH_CONTENT) {
    kept = kept.replaceAll(new RegExp(`<${name}\\b[\\s\\S]*?(?:</${name}\\s*>|$)`, 'gi'), '');
  }
  return kept.replaceAll(TAG, (_tag, slash: string, name: string, attributes: string) =>
    filterTag(slash, name.toLowerCase(), attributes),
  );
}

function filterTag(slash: string, name: string, attributes: string): string {
  if (name === 'a') return '';
  if (slash) return `</${name}>`;
  const kept = [...attributes.matchAll(ATTRIBUTE)].filter(([, key]) => isKept(key ?? ''));
  if (name === 'img' && !kept.some(([, key, value]) => key === 'src' && isOwnPicture(value ?? ''))) return '';
  return `<${name}${kept.map(([whole]) => ` ${whole}`).join('')}>`;
}

/** The platform drops `id` and every handler; `style` stays. */
function isKept(key: string): boolean {
  const lower = key.toLowerCase();
  return lower !== 'id' && lower !== 'srcset' && !lower.startsWith('on');
}

const isOwnPicture = (quoted: string): boolean => quoted.replaceAll(/["']/g, '').startsWith(PICTURE_HOST);

/** For the human page: picture addresses lead to the bytes kept here. */
export function localPictures(html: string): string {
  return html.replaceAll(PICTURE_HOST, '/sandbox/wechat-official/pictures/');
}
