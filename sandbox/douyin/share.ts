/** What scan-to-publish needs of the application itself: its token, a ticket to sign with, an id to follow a share. */
import { createHash, randomBytes } from 'node:crypto';
import type { World } from '../core/world.ts';
import { type Fields, text } from './call.ts';
import { Refusal } from './refusal.ts';
import { type AppToken, nextNumber, stateOf } from './state.ts';

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
  clientOf(world, token);
  text(fields, 'need_callback');
  return { share_id: String(1_759_435_947_640_000n + BigInt(nextNumber(world))) };
}

const make = (world: World, value: string, clientKey: string): AppToken => ({
  value,
  clientKey,
  expiresAt: world.clock.now() + LIFE_MS,
});

function clientOf(world: World, token: unknown): string {
  const known = stateOf(world).clientTokens.find(({ value }) => value === token);
  if (!known) throw new Refusal(28001003);
  if (known.expiresAt <= world.clock.now()) throw new Refusal(28001008);
  const granted = Object.values(stateOf(world).accounts).some(
    ({ clientKey, scopes }) => clientKey === known.clientKey && scopes.includes('h5.share'),
  );
  if (!granted) throw new Refusal(28001018);
  return known.clientKey;
}

/** Why the app would not open this link; null when it would. The person still decides there. */
export function refuseSchema(world: World, schema: string): string | null {
  const [address, query = ''] = schema.trim().split('?');
  if (address !== 'snssdk1128://openplatform/share') return '不是抖音的分享链接';
  const given = new URLSearchParams(query);
  const key = given.get('client_key');
  const now = world.clock.now();
  const signed = stateOf(world)
    .tickets.filter(({ clientKey, expiresAt }) => clientKey === key && expiresAt > now)
    .some(({ value }) => sign(given, value) === given.get('signature'));
  if (!signed) return 'verify signature fail';
  const media = ['video_path', 'image_path', 'image_list_path'].filter((name) => given.get(name));
  return media.length > 0 ? null : '没有图片或视频';
}

const sign = (given: URLSearchParams, ticket: string): string =>
  createHash('md5')
    .update(`nonce_str=${given.get('nonce_str')}&ticket=${ticket}&timestamp=${given.get('timestamp')}`)
    .digest('hex');
