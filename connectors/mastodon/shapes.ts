/** The instance's shapes, read at the edge. Ids are strings: digits on Mastodon, UUIDs on other servers. */
import { z } from 'zod';

const Id = z.string().min(1).max(100);
const Time = z.string().transform((text, context) => {
  const at = new Date(text);
  if (!Number.isNaN(at.getTime())) return at;
  context.addIssue({ code: 'custom', message: `not a time: ${text}` });
  return z.NEVER;
});
/** An address that a browser may be sent to; anything else is none. */
const Address = z
  .url({ protocol: /^https?$/ })
  .nullish()
  .catch(null)
  .transform((url) => url ?? null);

export const Account = z.object({
  id: Id,
  /** `name` on the own instance, `name@host` elsewhere. */
  acct: z.string(),
  display_name: z.string().default(''),
  url: Address,
  statuses_count: z.number().nullish(),
  followers_count: z.number().int().nonnegative().nullish(),
});

const visibilities = ['public', 'unlisted', 'private', 'direct'] as const;

/** A server that keeps one of a status's counters secret leaves it out. */
const Counter = z.number().int().nonnegative().nullish();

export const Status = z.object({
  id: Id,
  created_at: Time,
  in_reply_to_id: Id.nullish(),
  in_reply_to_account_id: Id.nullish(),
  content: z.string(),
  favourites_count: Counter.catch(null),
  url: Address,
  /** A word of some other server: taken as the narrowest, so that an answer is not shown to more people than asked. */
  visibility: z.enum(visibilities).catch('direct'),
  account: Account,
  /** A status of somebody else (or of one's own) passed on; its content is repeated around it. */
  reblog: z.object({ id: Id }).nullish(),
});
export type Status = z.infer<typeof Status>;

export const Statuses = z.array(Status);

export const Counted = z.object({
  id: Id,
  favourites_count: Counter,
  reblogs_count: Counter,
  replies_count: Counter,
});

export const Deleted = z.object({ id: Id });

/** Ids of notifications are longer on some servers than those of statuses. */
export const Notifications = z.array(
  z.object({ id: z.string().min(1).max(300), type: z.string(), status: Status.nullish().catch(null) }),
);

export const Context = z.object({ descendants: z.array(Status) });

/** `url` is null while the instance makes the picture ready. */
export const Picture = z.object({ id: Id, url: z.string().nullish() });

export const Instance = z.object({
  configuration: z.object({
    statuses: z.object({
      max_characters: z.number().int().positive(),
      max_media_attachments: z.number().int().min(0),
      characters_reserved_per_url: z.number().int().positive(),
    }),
    media_attachments: z.object({ image_size_limit: z.number().int().positive() }).optional(),
  }),
});
