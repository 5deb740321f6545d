/** From the application's credentials to a signed link: its token, a ticket, an id to follow the share by. */
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { OutboundError } from '#server/base/outbound-error.ts';
import type { AccountAbility, AccountSession, Grant, Outcome, ProbeCapability } from '../contract.ts';
import { mediaParams, type Share, shareSchema } from './schema.ts';

const MARGIN_MS = 5 * 60_000;
/** A link ends with the ticket it is signed with: one that is about to end is replaced first. */
export const LINK_LIFE_MS = 30 * 60_000;
const TICKET_MARGIN_MS = LINK_LIFE_MS + MARGIN_MS;
const waitMs = 60_000;

type Words = Pick<Share, 'title' | 'shortTitle' | 'hashtags' | 'media'>;
type Certain = Extract<Outcome, { kind: 'rejected' | 'retry-later' | 'sign-in-again' }>;

/** Carries the outcome out of the token store. */
class NotGiven extends Error {
  override readonly name = 'NotGiven';
  readonly outcome: Certain;
  constructor(outcome: Certain) {
    super(outcome.kind);
    this.outcome = outcome;
  }
}

const Code = z.coerce.string();
/** Two of the platform's envelopes: codes in `data` and `extra`, or beside `data`. */
const Given = z.object({
  data: z.looseObject({ error_code: Code.optional(), description: z.string().optional() }),
  extra: z.looseObject({ error_code: Code.optional() }).optional(),
  err_no: Code.optional(),
});

/** Codes that a person must mend (status-code tool; 10003 and 10013 from memory). */
const lasting: Readonly<Record<string, string>> = {
  10003: 'Client Key 错误',
  10013: 'Client Key 或 Client Secret 不正确',
  28001016: '应用已被封禁或下线',
  28001018: '应用未获得该能力，请在控制台申请 h5.share、open.get.ticket 和 aweme.share',
  28001019: '应用的这项能力已被封禁',
  28001056: '平台已下线这个接口',
};

/**
 * A link for one delivery. Making it publishes nothing, so it may be made again; it holds for `LINK_LIFE_MS` at least.
 * @param known the id of an earlier link, so that a post made with either is known for this delivery's
 */
export async function makeShareLink(
  session: AccountSession,
  share: Words,
  known?: string,
): Promise<{ schema: string; shareId: string } | { failure: Certain }> {
  try {
    const ticket = await readTicket(session);
    const shareId = known ?? (await askShareId(session));
    const timestamp = String(Math.floor(session.now().getTime() / 1000));
    const signing = { nonce: randomBytes(8).toString('hex'), ticket, timestamp };
    const clientKey = session.account.settings.clientKey ?? '';
    return { schema: shareSchema({ ...share, clientKey, signing, shareId }), shareId };
  } catch (error) {
    if (error instanceof NotGiven) return { failure: error.outcome };
    throw error;
  }
}

/**
 * The same as a link short enough for a QR code on a desktop (scope jump.basic). The platform ends it at `expiresAt`; it
 * fetches the media itself, so that their addresses must hold until then.
 */
export async function makeQrLink(
  session: AccountSession,
  share: Words,
  expiresAt: Date,
  known?: string,
): Promise<{ schema: string; shareId: string } | { failure: Certain }> {
  try {
    const ticket = await readTicket(session);
    const shareId = known ?? (await askShareId(session));
    const given = await ask(
      session,
      {
        method: 'POST',
        path: '/api/douyin/v1/schema/get_share/',
        json: {
          client_ticket: ticket,
          expire_at: Math.floor(expiresAt.getTime() / 1000),
          state: shareId,
          title: share.title,
          ...(share.shortTitle ? { short_title: share.shortTitle } : {}),
          ...(share.hashtags.length > 0 ? { hashtag_list: share.hashtags } : {}),
          ...mediaParams(share.media, (urls) => urls),
        },
      },
      z.object({ schema: z.string().min(1) }),
    );
    return { schema: given.schema, shareId };
  } catch (error) {
    if (error instanceof NotGiven) return { failure: error.outcome };
    throw error;
  }
}

async function askShareId(session: AccountSession): Promise<string> {
  const { share_id } = await ask(
    session,
    { method: 'POST', path: '/share-id/', query: { need_callback: 'true' } },
    z.object({ share_id: z.string().min(1) }),
  );
  return share_id;
}

/** Proves that the application may hand works to the app. */
export const probe: ProbeCapability = {
  async probe(session) {
    if (!session.account.settings.clientKey) {
      return { kind: 'ok', grants, notes: ['未填应用，只能手工发布 / no application: posted by hand'] };
    }
    try {
      await readTicket(session);
      return {
        kind: 'ok',
        grants,
        notes: ['可以生成一键发布链接 / links that open the editor can be made'],
      };
    } catch (error) {
      if (error instanceof NotGiven) return { kind: 'failed', outcome: error.outcome };
      throw error;
    }
  },
};

/** A person posts and answers; figures are written down by hand. */
const grants: Partial<Record<AccountAbility, Grant>> = {
  ...{ publish: 'assisted', 'comment-reply': 'assisted', withdraw: 'assisted' },
  ...{ comments: 'unsupported', metrics: 'unsupported', messages: 'unsupported', moderation: 'unsupported' },
  ...{ 'mass-send': 'unsupported', menu: 'unsupported' },
};

const Ticket = z.object({ ticket: z.string().min(1), expires_in: z.coerce.number().positive() });
const ClientToken = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });

const nameOf = (session: AccountSession, what: string): string =>
  `${what}-${createHash('sha256')
    .update(session.account.settings.clientKey ?? '')
    .digest('hex')
    .slice(0, 12)}`;

async function readTicket(session: AccountSession): Promise<string> {
  const name = nameOf(session, 'ticket');
  // Outside the renewal below: the store holds a lock while it renews.
  await clientToken(session);
  return session.tokens.get(name, TICKET_MARGIN_MS, async () => {
    const given = await ask(session, { method: 'GET', path: '/open/getticket/' }, Ticket);
    return { token: given.ticket, expiresInMs: given.expires_in * 1000 };
  });
}

function clientToken(session: AccountSession): Promise<string> {
  return session.tokens.get(nameOf(session, 'client'), MARGIN_MS, async () => {
    const form = {
      client_key: session.account.settings.clientKey ?? '',
      client_secret: session.credentials.clientSecret ?? '',
      grant_type: 'client_credential',
    };
    const given = await request(session, { method: 'POST', path: '/oauth/client_token/', form }, ClientToken);
    return { token: given.access_token, expiresInMs: given.expires_in * 1000 };
  });
}

type Call = Parameters<AccountSession['http']['request']>[0];

/** A refused token is forgotten, so that the next try gets a new one. */
const tokenRefused: readonly string[] = ['28001003', '28001008', '2190008'];

async function ask<T extends z.ZodType>(session: AccountSession, call: Call, shape: T): Promise<z.output<T>> {
  const token = await clientToken(session);
  try {
    return await request(session, { ...call, headers: { 'access-token': token } }, shape);
  } catch (error) {
    if (error instanceof NotGiven && 'code' in error.outcome && tokenRefused.includes(error.outcome.code))
      await session.tokens.drop(nameOf(session, 'client'), token);
    throw error;
  }
}

/** @throws {NotGiven} */
async function request<T extends z.ZodType>(
  session: AccountSession,
  call: Call,
  shape: T,
): Promise<z.output<T>> {
  const secrets = ['access-token', 'access_token', 'client_secret', 'ticket', 'client_ticket'];
  let json: unknown;
  try {
    json = (await session.http.request({ ...call, secrets })).json();
  } catch (error) {
    if (error instanceof OutboundError) throw new NotGiven(later(error.code));
    if (error instanceof SyntaxError) throw new NotGiven(later('unreadable'));
    throw error;
  }
  const given = Given.safeParse(json);
  if (!given.success) throw new NotGiven(later('unreadable'));
  const { data, extra, err_no } = given.data;
  const code = [data.error_code, extra?.error_code, err_no].find((one) => one && one !== '0');
  if (code) throw new NotGiven(refusal(code));
  const read = shape.safeParse(given.data.data);
  if (!read.success) throw new NotGiven(later('unreadable'));
  return read.data;
}

const later = (code: string): Certain => ({
  ...{ kind: 'retry-later', afterMs: waitMs, code, scope: 'platform' },
});
const refusal = (code: string): Certain =>
  code in lasting ? { kind: 'rejected', code, reason: `${lasting[code]}（${code}）` } : later(code);
