/** The platform's refusals. All come with HTTP 200; texts as in its status-code tool, those marked † from memory. */
const REFUSALS = {
  10003: 'client_key错误', // †
  10007: '授权码过期', // †
  10008: 'access_token过期',
  10010: 'refresh_token过期',
  10013: 'client_key或者client_secret报错', // †
  10020: 'renew_refresh_token超过次数限制',
  2100005: '参数不合法',
  2190001: 'quota已用完',
  2190008: 'access_token过期',
  28001003: 'access_token无效',
  28001007: '参数不合法',
  28001008: 'access_token过期,请刷新或重新授权',
  28001012: '用户未授权该OpenAPI',
  28001018: '应用未获得该能力',
  28003017: 'quota已用完',
} as const;

export type RefusalCode = keyof typeof REFUSALS;

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;

  constructor(code: RefusalCode) {
    super(REFUSALS[code]);
    this.code = code;
  }
}

type CodeAs = 'number' | 'string';
const written = (code: number, as: CodeAs): number | string => (as === 'string' ? String(code) : code);

/** The three envelopes of the documents. */
export const envelopes = {
  /** `{data:{error_code,…}, extra:{…}}` */
  old(data: object, error: Refusal | null, now: number, as: CodeAs): object {
    const code = written(error?.code ?? 0, as);
    const description = error?.message ?? '';
    return {
      data: { ...data, error_code: code, description },
      extra: {
        error_code: code,
        description,
        sub_error_code: 0,
        sub_description: '',
        logid: '202611230000000100200300400500600A',
        now,
      },
    };
  },
  /** `{data, message}` of the sign-in calls. */
  oauth(data: object, error: Refusal | null, _now: number, as: CodeAs): object {
    const code = written(error?.code ?? 0, as);
    return {
      data: { ...data, error_code: code, description: error?.message ?? '' },
      message: error ? 'error' : 'success',
    };
  },
  /** `{err_no, err_msg, log_id, data}` */
  new(data: object, error: Refusal | null, _now: number, as: CodeAs): object {
    return {
      data,
      err_no: written(error?.code ?? 0, as),
      err_msg: error?.message ?? '',
      log_id: '202611230000000100200300400500600A',
    };
  },
} as const;
export type Envelope = keyof typeof envelopes;
