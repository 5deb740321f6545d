/**
 * A call that got no HTTP answer. `stage` is the fact that publish-once rests on: `before-write` is claimed only
 * for failures that provably happened before a byte of the request left (name lookup, refused connection, TLS).
 */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  readonly stage: 'before-write' | 'after-write';
  readonly code: string;

  constructor(stage: 'before-write' | 'after-write', code: string, cause?: unknown) {
    super(`outbound call failed ${stage}: ${code}`, { cause });
    this.stage = stage;
    this.code = code;
  }
}
