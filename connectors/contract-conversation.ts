/** Capabilities of the two-way kind: comments, mentions, private messages, and the pushes that bring them. */
import type { AccountSession, Credentials, Outcome, PlatformIds } from './contract-ground.ts';

export type InboundComment = {
  /** Unique on this account for ever; the de-duplication key. */
  platformId: string;
  /** The post it stands under, by the ids of its delivery. */
  person: { key: string; name: string | null };
  text: string;
  at: Date;
  /** Reply that stands on the platform already (given there by hand, or by us). */
  reply: { text: string; at: Date } | null;
  /** How many agreed with it; absent where the platform tells none. */
  likes?: number;
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
  /** Opens or closes the comments of one post. Repeatable. */
  setOpen?(
    session: AccountSession,
    ids: PlatformIds,
    open: boolean,
  ): Promise<{ kind: 'done' } | Extract<Outcome, { kind: 'rejected' | 'retry-later' | 'sign-in-again' }>>;
};

/** Somebody named the account in a post or comment of their own, under no post of ours. */
export type Mention = {
  /** Unique on this account; the same as in a push of it. */
  platformId: string;
  person: { key: string; name: string | null };
  text: string;
  at: Date;
};

/** Mentions that have to be asked for; platforms that push them may have it too. */
export type MentionsCapability = {
  /** How often it is worth asking, milliseconds. */
  everyMs: number;
  /**
   * Oldest first. `since`: the `newest` of an earlier answer, null at first; what is told twice has the same
   * `platformId`.
   */
  list(
    session: AccountSession,
    since: string | null,
  ): Promise<{ mentions: Mention[]; newest: string | null } | { failure: Outcome }>;
};

/** What was sent besides text: its kind in the platform's own words (`image`, `voice` …), and by what it is found there. */
export type InboundAttachment = { type: string; mediaId: string | null; url: string | null };

/** One thing a platform pushed, after decryption. */
export type PushedEvent =
  | {
      kind: 'message';
      /** Unique on this account; the platform's message id or its documented substitute. */
      dedupKey: string;
      person: { key: string; name: string | null };
      text: string;
      at: Date;
      attachment: InboundAttachment | null;
    }
  /** A post's fate told by push; matched to the delivery by any of the ids. */
  | { kind: 'delivery'; dedupKey: string; ids: PlatformIds; outcome: Outcome }
  /** Somebody named the account in a post or comment of their own. */
  | {
      kind: 'mention';
      dedupKey: string;
      /** The platform's id of the post or comment that names us. */
      platformId: string;
      person: { key: string; name: string | null };
      text: string;
      at: Date;
    }
  /** The owner took the grant away on the platform: the account waits for a person. */
  | { kind: 'revoked'; dedupKey: string; at: Date }
  | { kind: 'follow' | 'unfollow'; dedupKey: string; person: { key: string; name: string | null }; at: Date }
  | { kind: 'ignored'; dedupKey: string; type: string };

export type PushRequest = {
  method: 'GET' | 'POST';
  query: Readonly<Record<string, string>>;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
};

/** What pushes of a platform really tell: screens name these. */
export type PushedKind = Exclude<PushedEvent['kind'], 'follow' | 'unfollow' | 'ignored'>;

export type PushCapability = {
  tells: readonly PushedKind[];
  /**
   * Body of a passive answer to the push that `open` just authenticated, instead of `acknowledgement`; null when this
   * push takes none (an event, a message without a text). Only platforms that show it to the person at once have it.
   */
  answer?(
    credentials: Credentials,
    request: PushRequest,
    clear: Buffer,
    text: string,
    now: Date,
  ): { body: string; contentType: string } | null;
  /** Answer to the platform's address check (GET); null when the signature is wrong. */
  verifyAddress(credentials: Credentials, request: PushRequest): string | null;
  /** Answer (JSON) to an address check that comes as a push; null for every other push. Nothing of it is kept. */
  answerCheck?(credentials: Credentials, request: PushRequest): string | null;
  /**
   * Authenticates a push and returns its clear bytes and key. Synchronous and cheap: it runs before the 200.
   * Null when forged, replayed outside the window, malformed or carrying a DTD.
   */
  open(credentials: Credentials, request: PushRequest, now: Date): { dedupKey: string; clear: Buffer } | null;
  /** The body that acknowledges a push. */
  acknowledgement: string;
  /** Instead of `acknowledgement` where the platform wants something of the push back (JSON). */
  acknowledge?(clear: Buffer): string;
  /** Reads the clear bytes saved by `open`. Pure. @throws {SyntaxError} on a shape the platform never documented. */
  parse(clear: Buffer, dedupKey: string): PushedEvent;
};

/** `rejected`: never to be had. The bytes are what the platform gave; nothing about them is believed yet. */
export type FileFetch =
  | { bytes: Buffer }
  | { failure: Extract<Outcome, { kind: 'rejected' | 'retry-later' | 'sign-in-again' }> };

export type MessagesCapability = {
  /** Where pictures, voices and videos that people sent can be had. */
  files?: {
    /** Of attachments, in the platform's own words. */
    types: readonly string[];
    /** How long after the message, milliseconds. */
    keptForMs: number;
    /** Repeatable; at most 10 MiB. */
    load(session: AccountSession, attachment: InboundAttachment): Promise<FileFetch>;
  };
  /** How long after a person's last message an answer may be sent, milliseconds, and how many. */
  window: { ms: number; messages: number };
  replyLimit: number;
  /** Where the account's owner reads and answers private messages by hand. */
  consoleUrl: string;
  /** Where the platform gives it to some accounts only: whether this one's settings say that it has it. */
  offered?(settings: Readonly<Record<string, string>>): boolean;
  /** @param inReplyTo key of the person's last message, as `push` made it; null when none is known */
  send(
    session: AccountSession,
    personKey: string,
    text: string,
    inReplyTo?: string | null,
  ): Promise<ReplyOutcome>;
};

export type CommentAction = 'elect' | 'unelect' | 'delete' | 'delete-reply';

/** What the account's owner may do to a comment besides answering it. */
export type ModerationCapability = {
  actions: readonly CommentAction[];
  /** Repeatable: what is so already is `done`. */
  act(
    session: AccountSession,
    ids: PlatformIds,
    commentPlatformId: string,
    action: CommentAction,
  ): Promise<
    { kind: 'done' } | Extract<Outcome, { kind: 'rejected' | 'retry-later' | 'sign-in-again' | 'unknown' }>
  >;
};
