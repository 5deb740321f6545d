/** The platform's refusals: an HTTP status with `{error}`, in English whatever the language. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(status: 400 | 401 | 403 | 404 | 422 | 429, message: string) {
    super(message);
    this.status = status;
  }
}

export const notFound = (): Refusal => new Refusal(404, 'Record not found');
export const invalid = (detail: string): Refusal => new Refusal(422, `Validation failed: ${detail}`);
