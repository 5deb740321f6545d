/** How each platform takes a robot's message: where the key is, what is signed, and its words for a refusal. */
import { createHmac } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

type Verdict = 'ok' | 'unknown-key' | 'bad-signature' | 'bad-body' | 'too-fast';

export type Dialect = {
  id: string;
  label: { zh: string; en: string };
  path: string;
  /** How long the robot takes nothing after too many messages. */
  silenceMs: number;
  read(request: FastifyRequest): {
    key: string;
    /** True when the signature does not fit. */
    refusal(secret: string, now: number): boolean;
    text: string;
  };
  say(verdict: Verdict): unknown;
};

const HOUR_MS = 3_600_000;
const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('base64');
const near = (ms: number, now: number) => Math.abs(ms - now) <= HOUR_MS;

const OfficeText = z.object({ msgtype: z.literal('text'), text: z.object({ content: z.string() }) });
const officeText = (body: unknown, longest: number): string => {
  const content = OfficeText.safeParse(body).data?.text.content ?? '';
  return Buffer.byteLength(content) <= longest ? content : '';
};
const HookBody = z.object({
  timestamp: z.string().default(''),
  sign: z.string().default(''),
  msg_type: z.literal('text'),
  content: z.object({ text: z.string() }),
});

export const dialects: readonly Dialect[] = [
  {
    id: 'wecom-robot',
    label: { zh: '企业微信群（模拟）', en: 'WeCom group (stand-in)' },
    path: '/cgi-bin/webhook/send',
    silenceMs: 0,
    read: ({ query, body }) => ({
      key: z.object({ key: z.string() }).safeParse(query).data?.key ?? '',
      refusal: () => false,
      text: officeText(body, 2_048),
    }),
    say: (verdict) =>
      ({
        ok: { errcode: 0, errmsg: 'ok' },
        'unknown-key': { errcode: 93000, errmsg: 'invalid webhook url' },
        'bad-signature': { errcode: 93000, errmsg: 'invalid webhook url' },
        'bad-body': { errcode: 40058, errmsg: 'invalid Request Parameter' },
        'too-fast': { errcode: 45009, errmsg: 'api freq out of limit' },
      })[verdict],
  },
  {
    id: 'dingtalk-robot',
    label: { zh: '钉钉群（模拟）', en: 'DingTalk group (stand-in)' },
    path: '/robot/send',
    silenceMs: 600_000,
    read: ({ query, body }) => {
      const { access_token, timestamp, sign } = z
        .object({ access_token: z.string(), timestamp: z.string(), sign: z.string() })
        .partial()
        .parse(query);
      return {
        key: access_token ?? '',
        refusal: (secret, now) =>
          secret !== '' &&
          !(near(Number(timestamp), now) && sign === hmac(secret, `${timestamp}\n${secret}`)),
        text: officeText(body, 20_000),
      };
    },
    say: (verdict) =>
      ({
        ok: { errcode: 0, errmsg: 'ok' },
        'unknown-key': { errcode: 300001, errmsg: 'token is not exist' },
        'bad-signature': { errcode: 310000, errmsg: 'sign not match' },
        'bad-body': { errcode: 400102, errmsg: 'param error' },
        'too-fast': { errcode: 130101, errmsg: 'send too fast, exceed 20 times per minute' },
      })[verdict],
  },
  {
    id: 'feishu-robot',
    label: { zh: '飞书群（模拟）', en: 'Feishu group (stand-in)' },
    path: '/open-apis/bot/v2/hook/:token',
    silenceMs: 0,
    read: ({ params, body }) => {
      const parsed = HookBody.safeParse(body).data;
      return {
        key: z.object({ token: z.string() }).parse(params).token,
        refusal: (secret, now) =>
          secret !== '' &&
          !(
            near(Number(parsed?.timestamp) * 1_000, now) &&
            parsed?.sign === hmac(`${parsed?.timestamp}\n${secret}`, '')
          ),
        text: parsed?.content.text ?? '',
      };
    },
    say: (verdict) =>
      ({
        ok: { code: 0, msg: 'success', data: {} },
        'unknown-key': { code: 19001, msg: 'param invalid: incoming webhook access token invalid' },
        'bad-signature': {
          code: 19021,
          msg: 'sign match fail or timestamp is not within one hour from current time',
        },
        'bad-body': { code: 9499, msg: 'Bad Request' },
        'too-fast': { code: 11232, msg: 'frequency limited' },
      })[verdict],
  },
];
