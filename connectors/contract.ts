/**
 * What every platform connector is: a name, and capabilities as separate small objects. A capability that the
 * platform does not offer is absent; screens and modules ask for capabilities, never for a platform by name.
 *
 * The one law of publishing (docs/decisions/0003): `prepare` may be repeated, `submit` is the single irreversible
 * call and is made at most once per attempt, `check` only reads. A connector never retries `submit` by itself.
 */
import type { AccountAbility, AccountMetric, Grant, Metric } from '#shared/abilities.ts';
import type { Exchange, PlatformHttp, PlatformResponse } from '#shared/outbound.ts';
import type { PackagePayload, Reach, VariantContent } from '#shared/package.ts';
import type {
  CommentsCapability,
  MentionsCapability,
  MessagesCapability,
  ModerationCapability,
  PushCapability,
} from './contract-conversation.ts';
import type {
  AccountSession,
  CheckResult,
  Credentials,
  MediaReader,
  OnceStep,
  Outcome,
  PlatformIds,
} from './contract-ground.ts';

export type * from './contract-conversation.ts';
export type * from './contract-ground.ts';
export type { AccountAbility, AccountMetric, Exchange, Grant, Metric, PlatformHttp, PlatformResponse };

/** A master article as composition sees it. `html` uses `media:<sha256>` picture addresses. */
export type Master = {
  title: string;
  digest: string;
  author: string;
  html: string;
  /** The same text without markup, paragraphs parted by a newline. */
  text: string;
  /** Pictures, and at most one of role `video`; without a cover of its own the video's first frame is the cover. */
  media: VariantContent['media'];
  /** What is said in the video; empty when nobody wrote it down. */
  transcript?: string;
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
  /** Topics (话题) that `compose` puts into a plain text; absent where the platform has none or refuses them. */
  topics?: { most: number };
  /** How long after an uncertain call "not listed" may be believed, in milliseconds. */
  settleMs: number;
  /** True where a video can't go along: it is left out of the master and the editor is told. */
  picturesOnly?: true;
  /** True where nothing but a video can go out: the account is no target of a new article by itself. */
  needsVideo?: true;
  /** First adaptation of a master article for this platform. Pure: same input, same bytes. */
  compose(
    master: Master,
    context: {
      shortLink: string;
      settings: Readonly<Record<string, string>>;
      /** Chosen for this post, without marks; else those of the account's setting `topics`. */
      topics?: readonly string[];
    },
  ): VariantContent;
  /** Problems and counts of a variant. Pure. */
  inspect(
    variant: VariantContent,
    context: { shortLink: string; reach: Reach; settings?: Readonly<Record<string, string>> },
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
  /**
   * Takes away what `prepare` left on the platform (a draft), for a delivery that was cancelled or replaced. Repeatable;
   * never called for one that was submitted and is not provably unaccepted.
   */
  discard?(
    session: AccountSession,
    ids: PlatformIds,
  ): Promise<{ kind: 'done' } | Extract<Outcome, { kind: 'rejected' | 'retry-later' | 'sign-in-again' }>>;
};

export type LocalPublish = PublishCapability & { kind: 'local' };

/** Width to height. */
export type Ratio = { width: number; height: number };

/** A text as the field takes it; `used` is the count of the whole, so that `used > limit` says that it was cut. */
export type FittedText = { text: string; used: number; limit: number; unit: FieldCount['unit'] };

export type HandOffPublish = PublishCapability & {
  kind: 'hand-off';
  /** How pictures are best cut, the best first; empty where they stand as they are. */
  cuts: { cover: readonly Ratio[]; body: readonly Ratio[] };
  /** Counts and cuts as the platform counts, at the end of a sentence or word; null where no limit is known. Pure. */
  fit(field: 'title' | 'digest' | 'body', text: string): FittedText | null;
  /** What the person does, in order. */
  instructions: readonly { zh: string; en: string }[];
  /** Finds the platform's post link inside whatever was pasted (the whole share text); null when there is none. */
  findLink(pasted: string): string | null;
  /** Saves the person the copying, where the platform's app takes it from a link. */
  openApp?: OpenAppCapability;
};

/** A file of the package with an address that the platform's app fetches it from, for as long as the link holds. */
export type HandedMedia = PackagePayload['media'][number] & { url: string };

/** A link that opens the platform's app with everything filled in; the person looks there and posts. */
export type OpenAppCapability = {
  /** What the app is called on the button. */
  app: { zh: string; en: string };
  /** How long a link holds, milliseconds. */
  lifeMs: number;
  /** False where this account lacks what it takes. */
  isOffered(settings: Readonly<Record<string, string>>): boolean;
  /**
   * Publishes nothing and may be repeated. `known`: the ids of an earlier link, kept where the platform lets them; a push names the
   * post by one of them. `desk`: short enough for a QR code, null where there is none.
   */
  make(
    session: AccountSession,
    payload: PackagePayload,
    media: readonly HandedMedia[],
    known: PlatformIds,
    expiresAt: Date,
  ): Promise<
    | { phone: string; desk: string | null; ids: PlatformIds }
    | { failure: Extract<Outcome, { kind: 'rejected' | 'retry-later' | 'sign-in-again' }> }
  >;
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

/**
 * Proves that the credentials work with harmless calls, and learns what this very account was granted. What `grants`
 * leaves out nobody could learn without doing it; it is then shown as not known, never as granted.
 */
export type ProbeCapability = {
  probe(
    session: AccountSession,
  ): Promise<
    | { kind: 'ok'; notes: string[]; grants: Partial<Record<AccountAbility, Grant>> }
    | { kind: 'failed'; outcome: Outcome }
  >;
};

/** Makes the grant last longer without a person. */
export type RenewCapability = {
  /** How long before `expiresAt` to begin, milliseconds. */
  marginMs: number;
  /**
   * What comes back replaces the stored credentials of the same keys and is stored before it is used. `renewableUntil`:
   * from then on only a person can sign in again; null where the platform sets no end. A failure that says nothing of
   * the grant (network, 5xx, limit) is `retry-later`, never `sign-in-again`.
   */
  renew(
    session: AccountSession,
  ): Promise<
    { credentials: Credentials; expiresAt: Date | null; renewableUntil: Date | null } | { failure: Outcome }
  >;
};

export type WithdrawOutcome =
  | { kind: 'withdrawn' }
  /** The platform cannot take it away this way: a person must, on the platform. */
  | { kind: 'by-hand'; code: string }
  | Extract<Outcome, { kind: 'retry-later' | 'sign-in-again' | 'unknown' }>;

/** Takes a published post away again. */
export type WithdrawCapability = {
  /** `delete` is for good; `hide` leaves it to the account alone and can be undone on the platform. */
  effect: 'delete' | 'hide';
  /** Repeatable, unlike `submit`: what is gone already is `withdrawn`. */
  withdraw(session: AccountSession, ids: PlatformIds): Promise<WithdrawOutcome>;
};

/** A post whose figures are asked for, by a key of the caller's. */
export type MeasuredPost = { key: string; ids: PlatformIds; publishedAt: Date };

export type MetricsCapability = {
  /**
   * What each figure of this platform counts: different `people` or `times`. A metric that is not here is not offered by
   * the platform and is shown as unavailable, never as zero.
   */
  counts: Partial<Record<Metric, 'people' | 'times'>>;
  /** Most posts one `posts` takes. */
  batch: number;
  /** How often a post is worth asking for by its age, milliseconds; null when it is not any more. */
  everyMs(postAgeMs: number): number | null;
  /** Running totals since publication. What the answer leaves out stays out. `asOf`: the moment they speak of. */
  posts(
    session: AccountSession,
    posts: readonly MeasuredPost[],
  ): Promise<
    { figures: { key: string; totals: Partial<Record<Metric, number>>; asOf: Date }[] } | { failure: Outcome }
  >;
  /** Followers and the like as of now, or as of the last day the platform has. */
  account?(
    session: AccountSession,
  ): Promise<{ totals: Partial<Record<AccountMetric, number>>; asOf: Date } | { failure: Outcome }>;
};

/** One entry of an account's menu; an entry has a target or entries below it. */
export type MenuEntry = {
  name: string;
  target: { kind: 'link'; url: string } | { kind: 'keyword'; key: string } | null;
  entries: readonly MenuEntry[];
};

/** The buttons below an account's conversation. */
export type MenuCapability = {
  limits: { top: number; below: number; topBytes: number; belowBytes: number };
  get(session: AccountSession): Promise<{ entries: MenuEntry[] } | { failure: Outcome }>;
  /** Replaces the whole menu; an empty list removes it. Repeatable. */
  put(
    session: AccountSession,
    entries: readonly MenuEntry[],
  ): Promise<{ kind: 'done' } | { failure: Outcome }>;
};

/** What one day or hour still allows, as the platform tells it. */
export type QuotaCapability = {
  /** Remaining uses of a reach today; null when the platform does not tell. */
  remaining(session: AccountSession, reach: Reach): Promise<number | null>;
  /** How often its documents let an account use a reach within a calendar day or month of China. Pure. */
  known?(
    settings: Readonly<Record<string, string>>,
  ): readonly { reach: Reach; most: number; per: 'day' | 'month' }[];
};

/**
 * What the platform is known to allow within a moving window. Counted by us before each step, over all processes, so that
 * the platform never has to refuse; what it does not tell beforehand stays with `retry-later`.
 */
export type KnownLimit = {
  scope: 'account' | 'app';
  /** Irreversible calls, or calls of any kind. */
  counts: 'posts' | 'calls';
  most: number;
  windowMs: number;
  /** The account's setting that replaces `most`. */
  setting?: string;
};

/** Recognises posts that stand on the platform already. Those done by hand have `findLink` of their hand-off. */
export type LinksCapability = {
  /**
   * The post's address inside whatever was pasted, with the ids that it carries (figures and withdrawal go by them);
   * null when there is none of this platform, or it is plainly another account's. Pure.
   */
  find(pasted: string, settings: Readonly<Record<string, string>>): { url: string; ids: PlatformIds } | null;
};

export type Connector = {
  id: string;
  label: { zh: string; en: string };
  /** The platform's real address; `HUISHENG_PLATFORM_<ID>_URL` replaces it. Null for local and hand-off. */
  defaultBaseUrl: string | null;
  /** Other domains of the platform that its calls go to (hosts for uploads); sub-domains too. */
  domains?: readonly string[];
  fields: readonly AccountField[];
  /** Platforms that are many servers: the setting that holds the address of this account's own. */
  baseUrlSetting?: string;
  publish: RemotePublish | LocalPublish | HandOffPublish;
  comments?: CommentsCapability;
  moderation?: ModerationCapability;
  mentions?: MentionsCapability;
  messages?: MessagesCapability;
  push?: PushCapability;
  signIn?: SignInCapability;
  renew?: RenewCapability;
  probe?: ProbeCapability;
  withdraw?: WithdrawCapability;
  metrics?: MetricsCapability;
  menu?: MenuCapability;
  quota?: QuotaCapability;
  limits?: readonly KnownLimit[];
  links?: LinksCapability;
};
