/** The platform's refusals: HTTP 200 with `{result, error, error_msg}`. */
const REFUSALS = {
  100200100: ['invalid_request', '参数有误'],
  100200101: ['unauthorized_client', '验证出错'],
  100200102: ['access_denied', '无效的 access_token'],
  100120001: ['video_not_exist', 'VIDEO_NOT_EXIST'],
} as const;

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: keyof typeof REFUSALS;

  constructor(code: keyof typeof REFUSALS) {
    super(REFUSALS[code][1]);
    this.code = code;
  }

  envelope(): Record<string, unknown> {
    const [error, error_msg] = REFUSALS[this.code];
    return { result: this.code, error, error_msg };
  }
}
