/** The platform's refusals: HTTP 400 or 403 with `{request, error_code, error}`. */

/** [HTTP status, text]. Codes and texts as in the platform's table; statuses marked † are from memory. */
const REFUSALS = {
  10008: [400, 'Param error, see doc for more info'],
  10014: [403, 'Insufficient app permissions'],
  10016: [400, 'Miss required parameter, see doc for more info'],
  10017: [400, 'appkey not bind domain!'],
  10023: [403, 'User requests out of rate limit!'],
  10024: [403, 'User requests for (statuses/share) out of rate limit!'],
  20007: [400, 'Does multipart has image?'],
  20012: [400, 'Text too long, please input text less than 140 characters!'],
  20015: [403, 'Account or app or IP is illegal, need some authentication'],
  20018: [400, 'Contain illegal website!'],
  20019: [400, 'Repeat content!'],
  20006: [400, 'Image size too large.'],
  20005: [400, 'Unsupported image type, only suport JPG, GIF, PNG!'],
  20008: [400, 'Content is null.'],
  20102: [403, 'Not your own weibo!'],
  20101: [400, 'Target weibo does not exist!'],
  20201: [400, 'Target weibo comment does not exist!'],
  21322: [400, 'redirect_uri_mismatch'], // †
  21324: [400, 'invalid_client'], // †
  21325: [400, 'invalid_grant'],
  21327: [403, 'expired_token'], // †
  21332: [403, 'invalid_access_token'], // †
  26403: [400, 'message has been answered or is out of time'], // †
} as const;

export type RefusalCode = keyof typeof REFUSALS;

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;

  constructor(code: RefusalCode) {
    super(REFUSALS[code][1]);
    this.code = code;
  }

  get status(): number {
    return REFUSALS[this.code][0];
  }

  envelope(path: string, codeAs: 'number' | 'string'): Record<string, unknown> {
    return {
      request: path,
      error_code: codeAs === 'string' ? String(this.code) : this.code,
      error: this.message,
    };
  }
}
