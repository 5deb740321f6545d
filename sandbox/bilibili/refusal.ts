/** The platform's refusals: HTTP 200 with `{code, message, request_id}`. */
const REFUSALS = {
  4002: '签名异常',
  122000: 'client_id错误',
  122001: 'client_secret错误',
  122002: 'code未找到',
  122007: 'refreshToken不合法',
  127000: '缺少鉴权参数',
  127001: 'access_token验证错误',
  127011: '该接口用户未授权',
  127022: 'upload_token验证错误',
  127100: '请求参数错误',
  127102: '文件类型错误',
  127107: '稿件已被删除',
  127124: '不存在该稿件',
  129003: '标签错误',
  129004: '封面图地址错误',
  129005: '专栏标题含有特殊文字或者标题长度大于40',
} as const;

export type RefusalCode = keyof typeof REFUSALS;

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;

  constructor(code: RefusalCode) {
    super(REFUSALS[code]);
    this.code = code;
  }

  envelope(): Record<string, unknown> {
    return { code: this.code, message: this.message, request_id: 'sandbox' };
  }
}
