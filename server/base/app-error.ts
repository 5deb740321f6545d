import { type ErrorCode, errorBody, errors } from '#shared/errors.ts';

/** Thrown anywhere below a route; the HTTP layer turns it into the status and texts of `shared/errors.ts`. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, details: Record<string, unknown> = {}, cause?: unknown) {
    super(errorBody(code, details).message.en, { cause });
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return errors[this.code][0];
  }
}
