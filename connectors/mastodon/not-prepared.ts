import type { Failure } from './client.ts';

/** Carries a failure out of a step that `once` must not save. */
export class NotPrepared extends Error {
  override readonly name = 'NotPrepared';
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.kind);
    this.failure = failure;
  }
}
