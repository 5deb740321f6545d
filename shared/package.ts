/**
 * A package (待发件) is the frozen, hashed form of one variant for one account: what reviewers sign is what is
 * sent. Connectors read it; nothing but `freeze` in the content module makes one.
 */
import { z } from 'zod';

/** How a post reaches the account: by the platform's API, by a person (hand-off), or it is already out there. */
export const deliveryModes = ['api', 'hand-off', 'registered'] as const;
export const DeliveryMode = z.enum(deliveryModes);
export type DeliveryMode = z.infer<typeof DeliveryMode>;

/**
 * Whom the platform tells. `publish` lies on the account's page and notifies nobody (WeChat `freepublish`);
 * `mass-send` is pushed to every follower and costs quota (WeChat 群发); `timeline` is an ordinary post shown to
 * followers by the platform's own rules; `page` is a web page that people find.
 */
export const reaches = ['publish', 'mass-send', 'timeline', 'page'] as const;
export const Reach = z.enum(reaches);
export type Reach = z.infer<typeof Reach>;

export const PackageMedia = z.object({
  /** Lower-case hex; the name of the file in the content-addressed store. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** A picture type, or `video/mp4`. */
  mime: z.string(),
  /** Pixels after orientation was applied; of a video, of its picture. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Bytes. */
  size: z.number().int().positive(),
  role: z.enum(['cover', 'body', 'video']),
  /** Length of a video, milliseconds; absent for pictures, so that their packages keep their bytes. */
  durationMs: z.number().int().positive().optional(),
  alt: z.string(),
});
export type PackageMedia = z.infer<typeof PackageMedia>;

/** What a variant is made of; `html` refers to its pictures as `media:<sha256>`. */
export const VariantContent = z.object({
  title: z.string().nullable(),
  digest: z.string().nullable(),
  author: z.string().nullable(),
  body: z.object({ kind: z.enum(['html', 'text']), value: z.string() }),
  media: z.array(PackageMedia),
  /** Where "read the original" leads, when the platform has such a link. */
  sourceUrl: z.string().nullable(),
  openComments: z.boolean(),
});
export type VariantContent = z.infer<typeof VariantContent>;

export const PackagePayload = VariantContent.extend({
  format: z.literal(1),
  platform: z.string(),
  accountId: z.uuid(),
  mode: DeliveryMode,
  reach: Reach,
  /** Full URL of the per-delivery short link; it is in the body where the platform allows links. */
  shortLink: z.url(),
});
export type PackagePayload = z.infer<typeof PackagePayload>;
