/** The platform's refusals: HTTP 200 and an errcode envelope whose errmsg ends with a request id. */
import { randomBytes } from 'node:crypto';

/** Codes as in the platform's global table; those marked † are from memory, not from a document read here. */
const MESSAGES = {
  40001: 'invalid credential, access_token is invalid or not latest',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40005: 'invalid file type', // †
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40009: 'invalid image size', // †
  40013: 'invalid appid',
  40097: 'invalid args',
  40016: 'invalid button size', // †
  40017: 'invalid button type', // †
  40018: 'invalid button name size', // †
  40019: 'invalid button key size', // †
  40020: 'invalid button url size', // †
  40023: 'invalid sub button size', // †
  40025: 'invalid sub button name size', // †
  40055: 'invalid button url domain', // †
  40114: 'invalid index value',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  41005: 'media data missing', // †
  41039: 'invalid content_source_url',
  42001: 'access_token expired',
  44003: 'empty news data',
  45002: 'content size out of limit', // †
  45003: 'title size out of limit', // †
  45004: 'description size out of limit', // †
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  45015: 'response out of time limit or subscription is canceled',
  45028: 'has no masssend quota',
  45047: 'out of response count limit',
  45065: 'clientmsgid exist',
  45067: 'clientmsgid size out of limit',
  45110: 'author size out of limit', // †
  45166: 'invalid content',
  46003: 'menu no exist', // †
  47001: 'data format error',
  47009: 'this api is offline, please use the new api',
  48001: 'api unauthorized',
  53600: 'article id not exist',
  61500: 'date format error',
  61501: 'date range error',
  61503: 'data not ready, please try later',
  76021: 'cgi_path not found',
  87009: 'reply is not exists', // †
  88000: 'without comment privilege',
  88001: 'msg_data is not exists',
  88003: 'elected comment upper limit',
  88005: 'already reply',
  88007: 'reply content beyond max len or content len is zero',
  88008: 'comment is not exists',
  88010: 'count range error. cout <= 0 or count > 50',
  89504: 'mass send is being approved',
  89505: 'mass send waits for the administrator to confirm',
} as const;

export type RefusalCode = keyof typeof MESSAGES;

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(code: RefusalCode, extra: Record<string, unknown> = {}) {
    super(MESSAGES[code]);
    this.code = code;
    this.extra = extra;
  }

  envelope(): Record<string, unknown> {
    const rid = `${randomBytes(4).toString('hex')}-${randomBytes(4).toString('hex')}-${randomBytes(4).toString('hex')}`;
    return { errcode: this.code, errmsg: `${this.message} rid: ${rid}`, ...this.extra };
  }
}
