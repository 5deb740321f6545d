/** What scan-to-publish needs of the application itself: its token, a ticket to sign with, an id to follow a share. */
import { createHash, randomBytes } from 'node:crypto';
import type { World } from '../core/world.ts';
import { type Fields, text, whole } from './call.ts';
import { createItem } from './items.ts';
import { pushEvent } from './push.ts';
import { Refusal } from './refusal.ts';
import { type AppToken, type DouyinAccount, type Item, nextNumber, stateOf } from './state.ts';

const LIFE_MS = 7_200_000;

/** `POST /oauth/client_token/` */
export function issueClientToken(world: World, fields: Fields): object {
  const state = stateOf(world);
  const key = text(fields, 'client_key');
  const secret = text(fields, 'client_secret');
  const known = Object.values(state.accounts).find(({ clientKey }) => clientKey === key);
  if (!known) throw new Refusal(10003);
  if (known.clientSecret !== secret) throw new Refusal(10013);
  const made = make(world, `clt.${randomBytes(16).toString('hex')}`, key);
  state.clientTokens.push(made);
  return { access_token: made.value, expires_in: LIFE_MS / 1000 };
}

/** `GET /open/getticket/` */
export function issueTicket(world: World, _fields: Fields, token: unknown): object {
  const made = make(world, `@${randomBytes(48).toString('base64')}`, clientOf(world, token));
  stateOf(world).tickets.push(made);
  return { ticket: made.value, expires_in: LIFE_MS / 1000 };
}

/** `POST /share-id/?need_callback=true` */
export function makeShareId(world: World, fields: Fields, token: unknown): object {
  const clientKey = clientOf(world, token);
  text(fields, 'need_callback');
  const shareId = String(1_759_435_947_640_000n + BigInt(nextNumber(world)));
  stateOf(world).shares.push({ shareId, clientKey });
  return { share_id: shareId };
}

const LINK = 'https://open.douyin.com/platform/oauth/slink/';

/** `POST /api/douyin/v1/schema/get_share/`: a link short enough for a QR code on a desktop. */
export function makeShortLink(world: World, fields: Fields, token: unknown): object {
  const clientKey = clientOf(world, token, 'jump.basic');
  const ticket = text(fields, 'client_ticket');
  const now = world.clock.now();
  const known = stateOf(world).tickets.find(({ value }) => value === ticket);
  if (!known || known.clientKey !== clientKey || known.expiresAt <= now) throw new Refusal(2100005);
  const until = whole(fields, 'expire_at', 0) * 1000;
  if (until <= now) throw new Refusal(2100005);
  const given = Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => name !== 'client_ticket')
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
  if (![given.video_path, given.image_path, given.image_list_path].some(Boolean)) throw new Refusal(2100005);
  const link = { token: randomBytes(16).toString('hex'), clientKey, until, given };
  stateOf(world).links.push(link);
  const url = `${LINK}?token=${link.token}&client_key=${clientKey}`;
  return { schema: `snssdk1128://webview?url=${encodeURIComponent(url)}` };
}

const make = (world: World, value: string, clientKey: string): AppToken => ({
  value,
  clientKey,
  expiresAt: world.clock.now() + LIFE_MS,
});

function clientOf(world: World, token: unknown, scope = 'h5.share'): string {
  const known = stateOf(world).clientTokens.find(({ value }) => value === token);
  if (!known) throw new Refusal(28001003);
  if (known.expiresAt <= world.clock.now()) throw new Refusal(28001008);
  const granted = Object.values(stateOf(world).accounts).some(
    ({ clientKey, scopes }) => clientKey === known.clientKey && scopes.includes(scope),
  );
  if (!granted) throw new Refusal(28001018);
  return known.clientKey;
}

type Opened = { clientKey: string; title: string; shareId: string; hasVideo: boolean };

/** What the app opens after a scan, or why it does not. The person still decides there. */
export function openSchema(world: World, schema: string): Opened | { refusal: string } {
  const [address = '', query = ''] = schema.trim().split('?');
  const given = new URLSearchParams(query);
  if (address === 'snssdk1128://webview') return openShortLink(world, given.get('url') ?? '');
  if (address !== 'snssdk1128://openplatform/share') return { refusal: '不是抖音的分享链接' };
  const clientKey = given.get('client_key') ?? '';
  const now = world.clock.now();
  const signed = stateOf(world)
    .tickets.filter((ticket) => ticket.clientKey === clientKey && ticket.expiresAt > now)
    .some(({ value }) => sign(given, value) === given.get('signature'));
  if (!signed) return { refusal: 'verify signature fail' };
  const media = ['video_path', 'image_path', 'image_list_path'].filter((name) => given.get(name));
  if (media.length === 0) return { refusal: '没有图片或视频' };
  return opened(clientKey, (name) => given.get(name) ?? '');
}

function openShortLink(world: World, url: string): Opened | { refusal: string } {
  const token = URL.canParse(url) ? new URL(url).searchParams.get('token') : null;
  const link = stateOf(world).links.find((one) => one.token === token);
  if (!link || !url.startsWith(LINK)) return { refusal: '不是抖音的分享链接' };
  if (link.until <= world.clock.now()) return { refusal: '链接已过期' };
  return opened(link.clientKey, (name) => link.given[name] ?? '');
}

const opened = (clientKey: string, read: (name: string) => string): Opened => ({
  ...{ clientKey, title: read('title'), shareId: read('state'), hasVideo: read('video_path') !== '' },
});

/** The person taps "publish" in the app: the work is made, and the application is told. */
export function postFromApp(world: World, account: DouyinAccount, found: Opened): Item {
  const item = createItem({ world, account }, found.title || '（无标题）', [], found.hasVideo ? 1 : null);
  const known = stateOf(world).shares.some(({ shareId }) => shareId === found.shareId);
  pushEvent(
    world,
    account,
    'create_video',
    account.openId,
    {
      ...{ item_id: item.id, video_id: item.videoId },
      ...(known ? { share_id: found.shareId, has_default_hashtag: false } : {}),
    },
    '',
  );
  world.changed();
  return item;
}

const sign = (given: URLSearchParams, ticket: string): string =>
  createHash('md5')
    .update(`nonce_str=${given.get('nonce_str')}&ticket=${ticket}&timestamp=${given.get('timestamp')}`)
    .digest('hex');
