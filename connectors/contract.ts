/**
 * What every platform connector is: a name, and capabilities as separate small objects. A capability that the
 * platform does not offer is absent; screens and modules ask for capabilities, never for a platform by name.
 *
 * The one law of publishing (docs/decisions/0003): `prepare` may be repeated, `submit` is the single irreversible
 * call and is made at most once per attempt, `check` only reads. A connector never retries `submit` by itself.
 */
import type { Exchange, PlatformHttp, PlatformResponse } from '#shared/outbound.ts';
import type { PackagePayload, Reach, VariantContent } from '#shared/package.ts';

export type { Exchange, PlatformHttp, PlatformResponse };

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

/** Reads a media file of the package by its hash; the hash is verified on reading. */
export type MediaReader = (sha256: string) => Promise<Buffer>;

/**
 * Runs a reversible preparation step once: the ids it returns are saved before the next step begins, and a later
 * run gets the saved ids instead of calling again.
 */
export type OnceStep = (name: string, step: () => Promise<PlatformIds>) => Promise<PlatformIds>;

/** A master article as composition sees it. `html` uses `media:<sha256>` picture addresses. */
export type Master = {
  title: string;
  digest: string;
  author: string;
  html: string;
  /** The same text without markup, paragraphs parted by a newline. */
  text: string;
  media: VariantContent['media'];
};

/** Something an editor must or should mend before submitting; `field` names the part of the variant. */
export type VariantProblem = {
  level: 'block' | 'warn';
  field: 'title' | 'digest' | 'body' | 'media' | 'reach' | 'author';
  zh: string;
  en: string;
};

/** The count an editor sees beside a field, counted as the platform counts it. */
export type FieldCount = {
  field: VariantProblem['field'];
  used: number;
  limit: number;
  unit: 'characters' | 'bytes';
};

export type PublishCapability = {
  /**
   * `remote` posts through the platform's API. `local` is our own public site: the publishing module stores the
   * page in its own transaction and no call is made. `hand-off` is done by a person with a prepared task.
   */
  kind: 'remote' | 'local' | 'hand-off';
  reaches: readonly Reach[];
  /** True when posts carry the short link, so that a read-back can find them by it. */
  carriesShortLink: boolean;
  /** How long after an uncertain call "not listed" may be believed, in milliseconds. */
  settleMs: number;
  /** First adaptation of a master article for this platform. Pure: same input, same bytes. */
  compose(
    master: Master,
    context: { shortLink: string; settings: Readonly<Record<string, string>> },
  ): VariantContent;
  /** Problems and counts of a variant. Pure. */
  inspect(
    variant: VariantContent,
    context: { shortLink: string; reach: Reach },
  ): {
    problems: VariantProblem[];
    counts: FieldCount[];
  };
};

export type RemotePublish = PublishCapability & {
  kind: 'remote';
  /** Reversible steps (token, uploads, draft). Ids come back through `once`. An Outcome here is never `unknown`. */
  prepare(
    session: AccountSession,
    payload: PackagePayload,
    media: MediaReader,
    once: OnceStep,
  ): Promise<
    { kind: 'prepared'; ids: PlatformIds } | Exclude<Outcome, { kind: 'published' | 'pending' | 'unknown' }>
  >;
  /**
   * The irreversible call alone: one HTTP request, no retry, no other call before or after it. `media` is for
   * platforms that take the picture in this very call; `prepare` has read it once, so that it is known to be there.
   */
  submit(
    session: AccountSession,
    payload: PackagePayload,
    ids: PlatformIds,
    media: MediaReader,
  ): Promise<Outcome>;
  /** Reads back by ids where there are any, else looks for the short link in `[sentAt − 2 min, now]`. */
  check(
    session: AccountSession,
    payload: PackagePayload,
    ids: PlatformIds,
    sentAt: Date,
  ): Promise<CheckResult>;
};

export type LocalPublish = PublishCapability & { kind: 'local' };

export type HandOffPublish = PublishCapability & {
  kind: 'hand-off';
  /** What the person does, in order. */
  instructions: readonly { zh: string; en: string }[];
  /** Finds the platform's post link inside whatever was pasted (the whole share text); null when there is none. */
  findLink(pasted: string): string | null;
};

export type InboundComment = {
  /** Unique on this account for ever; the de-duplication key. */
  platformId: string;
  /** The post it stands under, by the ids of its delivery. */
  person: { key: string; name: string | null };
  text: string;
  at: Date;
  /** Reply that stands on the platform already (given there by hand, or by us). */
  reply: { text: string; at: Date } | null;
};

export type ReplyOutcome =
  | { kind: 'sent'; ids: PlatformIds }
  | Extract<Outcome, { kind: 'rejected' | 'retry-later' | 'sign-in-again' | 'unknown' }>
  /** The platform no longer takes an answer this way (window over, quota used, unsubscribed). */
  | { kind: 'window-closed'; code: string };

export type CommentsCapability = {
  /** Calls one poll of one post costs, and how often it is worth asking, by the age of the post. */
  pollEveryMs(postAgeMs: number): number;
  /** Longest reply, counted as the platform counts. */
  replyLimit: number;
  list(
    session: AccountSession,
    ids: PlatformIds,
  ): Promise<{ comments: InboundComment[] } | { failure: Outcome }>;
  reply(
    session: AccountSession,
    ids: PlatformIds,
    commentPlatformId: string,
    text: string,
  ): Promise<ReplyOutcome>;
  /** Says whether the reply stands on the platform; for outcomes that were unknown. */
  checkReply(
    session: AccountSession,
    ids: PlatformIds,
    commentPlatformId: string,
    text: string,
  ): Promise<{ kind: 'sent' } | { kind: 'absent' } | { kind: 'unknown'; reason: string }>;
};

/** One thing a platform pushed, after decryption. */
export type PushedEvent =
  | {
      kind: 'message';
      /** Unique on this account; the platform's message id or its documented substitute. */
      dedupKey: string;
      person: { key: string; name: string | null };
      text: string;
      at: Date;
      /** What was sent besides text, in the platform's own words (`image`, `voice` …); null for text. */
      attachment: { type: string; mediaId: string | null; url: string | null } | null;
    }
  /** A post's fate told by push; matched to the delivery by any of the ids. */
  | { kind: 'delivery'; dedupKey: string; ids: PlatformIds; outcome: Outcome }
  | { kind: 'follow' | 'unfollow'; dedupKey: string; person: { key: string; name: string | null }; at: Date }
  | { kind: 'ignored'; dedupKey: string; type: string };

export type PushRequest = {
  method: 'GET' | 'POST';
  query: Readonly<Record<string, string>>;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
};

export type PushCapability = {
  /** Answer to the platform's address check (GET); null when the signature is wrong. */
  verifyAddress(credentials: Credentials, request: PushRequest): string | null;
  /**
   * Authenticates a push and returns its clear bytes and key. Synchronous and cheap: it runs before the 200.
   * Null when forged, replayed outside the window, malformed or carrying a DTD.
   */
  open(credentials: Credentials, request: PushRequest, now: Date): { dedupKey: string; clear: Buffer } | null;
  /** The body that acknowledges a push. */
  acknowledgement: string;
  /** Reads the clear bytes saved by `open`. Pure. @throws {SyntaxError} on a shape the platform never documented. */
  parse(clear: Buffer, dedupKey: string): PushedEvent;
};

export type MessagesCapability = {
  /** How long after a person's last message an answer may be sent, milliseconds, and how many. */
  window: { ms: number; messages: number };
  replyLimit: number;
  send(session: AccountSession, personKey: string, text: string): Promise<ReplyOutcome>;
};

/** A field of the account form; `secret` ones are sealed at rest and never shown again. */
export type AccountField = {
  key: string;
  kind: 'setting' | 'secret';
  required: boolean;
  label: { zh: string; en: string };
  /** Refused at configuration time when it does not match. */
  pattern?: RegExp;
};

export type SignInCapability = {
  /** Where to send the administrator's browser. */
  authorizeUrl(session: AccountSession, redirectUri: string, state: string): string;
  /** Exchanges the code; what comes back replaces the stored credentials of the same keys. */
  exchange(
    session: AccountSession,
    redirectUri: string,
    code: string,
  ): Promise<
    { credentials: Credentials; expiresAt: Date | null; platformUserId: string } | { failure: Outcome }
  >;
};

/** Proves that the credentials work with one harmless call. */
export type ProbeCapability = {
  probe(
    session: AccountSession,
  ): Promise<{ kind: 'ok'; notes: string[] } | { kind: 'failed'; outcome: Outcome }>;
};

/** What one day or hour still allows, as the platform tells it. */
export type QuotaCapability = {
  /** Remaining uses of a reach today; null when the platform does not tell. */
  remaining(session: AccountSession, reach: Reach): Promise<number | null>;
};

export type Connector = {
  id: string;
  label: { zh: string; en: string };
  /** The platform's real address; `HUISHENG_PLATFORM_<ID>_URL` replaces it. Null for local and hand-off. */
  defaultBaseUrl: string | null;
  fields: readonly AccountField[];
  /** Platforms that are many servers: the setting that holds the address of this account's own. */
  baseUrlSetting?: string;
  publish: RemotePublish | LocalPublish | HandOffPublish;
  comments?: CommentsCapability;
  messages?: MessagesCapability;
  push?: PushCapability;
  signIn?: SignInCapability;
  probe?: ProbeCapability;
  quota?: QuotaCapability;
};
