/** What every capability of a connector stands on: ids, outcomes, and what it may touch of one account. */
import type { PlatformHttp } from '#shared/outbound.ts';

/** Ids that the platform gave, by our name for them (`draftId`, `publishId`, `postId` …); always strings. */
export type PlatformIds = Readonly<Record<string, string>>;

/** How far a limit or a failure reaches: this account, every account under the same app, or the whole platform. */
export type Scope = 'account' | 'app' | 'platform';

export type Outcome =
  | { kind: 'published'; ids: PlatformIds; url: string | null /** platform time */; at: Date | null }
  /** Accepted, not out yet. `waitingFor: 'administrator'` means that a person must confirm on the platform. */
  | { kind: 'pending'; ids: PlatformIds; checkAfterMs: number; waitingFor: 'platform' | 'administrator' }
  /** Refused for what it says or how it is made: sending the same bytes again can't help. */
  | { kind: 'rejected'; code: string; reason: string }
  /** Provably not accepted; may be sent again after the wait. Never counted as a failed attempt. */
  | { kind: 'retry-later'; afterMs: number; code: string; scope: Scope }
  /** The credentials no longer work: the account pauses until a person signs in again. */
  | { kind: 'sign-in-again'; code: string }
  /** Nobody can know from this answer. Only `check` or a person may resolve it. */
  | { kind: 'unknown'; reason: string };

/** What a read-back found. `absent` is said only when the platform was asked and really listed the period. */
export type CheckResult =
  | Outcome
  | { kind: 'absent' }
  /**
   * The platform's own idempotency key still holds: submitting the same bytes again cannot make a second post, and is
   * the only way to ask.
   */
  | { kind: 'repeatable'; afterMs: number };

/** Decrypted credentials of one account, by the keys its connector declares. */
export type Credentials = Readonly<Record<string, string>>;

/** An access token shared by all processes; renewal is single-flight across them. */
export type TokenStore = {
  /** The cached token, or one freshly made by `renew` when none is cached or it expires within `marginMs`. */
  get(
    name: string,
    marginMs: number,
    renew: () => Promise<{ token: string; expiresInMs: number }>,
  ): Promise<string>;
  /**
   * The stored token that lasts `marginMs` longer, or null. Asks nobody and waits for no renewal; what another process
   * stored within the last seconds may be missed.
   */
  peek(name: string, marginMs: number): Promise<string | null>;
  /** Forgets the token if it is still the one given: a second process may have renewed it already. */
  drop(name: string, token: string): Promise<void>;
};

/** Everything a connector may touch for one account. Made by the accounts module, one per operation. */
export type AccountSession = {
  account: { id: string; name: string; platform: string; settings: Readonly<Record<string, string>> };
  credentials: Credentials;
  http: PlatformHttp;
  tokens: TokenStore;
  now(): Date;
  /** The address of this program as the public sees it, without trailing slash. */
  publicUrl: string;
};

/** Reads media files of the package by their hash. */
export type MediaReader = {
  /** The whole file; the hash is verified on reading. For pictures. */
  (sha256: string): Promise<Buffer>;
  /**
   * Bytes `from` to `to` (exclusive), for files that are sent in parts. The hash is not verified: it was when the file
   * was stored, and a part cannot be compared with it.
   */
  range(sha256: string, from: number, to: number): Promise<Buffer>;
};

/**
 * Runs a reversible preparation step once: the ids it returns are saved before the next step begins, and a later
 * run gets the saved ids instead of calling again.
 */
export type OnceStep = (name: string, step: () => Promise<PlatformIds>) => Promise<PlatformIds>;
