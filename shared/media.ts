/** The media library (素材库): files that were uploaded, what uses them, and uploads in parts. */
import { z } from 'zod';
import { type Text, text } from './lang.ts';
import { route } from './route.ts';

export const mediaKinds = ['picture', 'video'] as const;
export const MediaKind = z.enum(mediaKinds);
export type MediaKind = z.infer<typeof MediaKind>;
export const mediaKindLabels = {
  picture: text('图片', 'Pictures'),
  video: text('视频', 'Videos'),
} as const satisfies Record<MediaKind, Text>;

/** What platforms and screens ask for, as width : height. */
export const cropRatios = ['2.35:1', '1:1', '16:9', '3:4', '9:16', '4:3', '3:2'] as const;
export type CropRatio = (typeof cropRatios)[number];

export const FileView = z.object({
  id: z.uuid(),
  /** Servable address, unguessable. */
  url: z.string(),
  mime: z.string(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  size: z.number().int(),
  name: z.string(),
});
export type FileView = z.infer<typeof FileView>;

/** How a video was read and cleaned. */
export const VideoFacts = z.object({
  /** `ffprobe`, or the boxes of the file itself where that program is absent. */
  source: z.enum(['ffprobe', 'boxes']),
  codec: z.string(),
  /** Null: a silent film. */
  audio: z.string().nullable(),
  /** Degrees clockwise that players turn it; width and height are as shown. */
  rotation: z.number().int(),
  /** `rewritten`: ffmpeg left all metadata out. `blanked`: the known places were overwritten, tracks are as they came. */
  metadata: z.enum(['rewritten', 'blanked']),
});
export type VideoFacts = z.infer<typeof VideoFacts>;

/** Pixels of the parent. */
export const Crop = z.object({
  x: z.number().int().min(0),
  y: z.number().int().min(0),
  width: z.number().int().min(16),
  height: z.number().int().min(16),
});
export type Crop = z.infer<typeof Crop>;

export const MediaItem = FileView.extend({
  kind: MediaKind,
  alt: z.string(),
  durationMs: z.number().int().nullable(),
  facts: VideoFacts.nullable(),
  /** Of a video its first frame; of a picture itself. */
  coverUrl: z.string().nullable(),
  coverId: z.uuid().nullable(),
  parentId: z.uuid().nullable(),
  createdAt: z.iso.datetime(),
  createdByName: z.string(),
  /** How many articles use it now. */
  uses: z.number().int(),
  /** When it will be deleted for want of use; null while something uses it. */
  deletedAt: z.iso.datetime().nullable(),
});
export type MediaItem = z.infer<typeof MediaItem>;

export const Upload = z.object({
  id: z.uuid(),
  name: z.string(),
  size: z.number().int(),
  received: z.number().int(),
  /** `received`: all bytes are here and are being looked at. */
  state: z.enum(['open', 'received', 'done', 'failed']),
  /** Why it failed. */
  problem: z.object({ zh: z.string(), en: z.string() }).nullable(),
  fileId: z.uuid().nullable(),
  /** The library had this very file already; nothing was added. */
  wasThere: z.boolean(),
  fingerprint: z.string(),
});
export type Upload = z.infer<typeof Upload>;

const FileParams = z.object({ fileId: z.uuid() });
const UploadParams = z.object({ uploadId: z.uuid() });

/** Bytes a part may have: small enough to arrive within a minute over a poor line. */
export const partLimit = 8 * 1024 * 1024;

export const listMedia = route({
  method: 'GET',
  path: '/api/media',
  access: 'article.read',
  summary: 'Pictures and videos of the bureau, newest first; 60 a page.',
  query: z.object({
    kind: MediaKind.optional(),
    search: z.string().max(100).optional(),
    unused: z.enum(['1']).optional(),
    /** `next` of the page before. */
    cursor: z.string().max(200).optional(),
  }),
  reply: z.object({ rows: z.array(MediaItem), next: z.string().nullable() }),
});

export const getMedia = route({
  method: 'GET',
  path: '/api/media/:fileId',
  access: 'article.read',
  summary: 'One file with the articles that use it, its crops, and pictures that look like it.',
  params: FileParams,
  reply: MediaItem.extend({
    usedIn: z.array(z.object({ articleId: z.uuid(), title: z.string() })),
    crops: z.array(MediaItem),
    similar: z.array(MediaItem),
  }),
});

export const describeMedia = route({
  method: 'PUT',
  path: '/api/media/:fileId',
  access: 'article.write',
  summary: 'Name a file and say what it shows.',
  params: FileParams,
  body: z.object({ name: z.string().trim().min(1).max(120), alt: z.string().trim().max(200) }),
  reply: MediaItem,
});

export const cropMedia = route({
  method: 'POST',
  path: '/api/media/:fileId/crops',
  access: 'article.write',
  summary: 'Cut a picture; the cut is a file of its own and knows its parent.',
  params: FileParams,
  body: z.object({ crop: Crop, name: z.string().trim().max(40).default('') }),
  reply: MediaItem,
});

export const deleteMedia = route({
  method: 'DELETE',
  path: '/api/media/:fileId',
  access: 'article.write',
  summary: 'Delete a file that nothing uses.',
  params: FileParams,
  reply: z.object({ ok: z.literal(true) }),
});

export const beginUpload = route({
  method: 'POST',
  path: '/api/uploads',
  access: 'article.write',
  summary:
    'Begin an upload in parts, or find the one begun for the same file. Known by its sha256: nothing is sent.',
  body: z.object({
    name: z.string().trim().min(1).max(200),
    size: z.number().int().min(1),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
    /** By which the sender finds the upload again: name, size and date of the file. */
    fingerprint: z.string().min(1).max(300),
  }),
  reply: z.object({ upload: Upload.nullable(), existing: MediaItem.nullable() }),
});

/** Multipart, field `file`. A part that is here already is not an error; one that leaves a gap is 409 upload-offset. */
export const putUploadPart = route({
  method: 'PUT',
  path: '/api/uploads/:uploadId/part',
  access: 'article.write',
  summary:
    'Send the bytes from `offset` on (multipart field `file`, at most 8 MB); answers how many are here.',
  params: UploadParams,
  query: z.object({ offset: z.coerce.number().int().min(0) }),
  reply: z.object({ received: z.number().int() }),
});

export const listUploads = route({
  method: 'GET',
  path: '/api/uploads',
  access: 'article.write',
  summary: 'Own uploads that are not finished, and those that ended within the hour.',
  reply: z.array(Upload),
});

export const getUpload = route({
  method: 'GET',
  path: '/api/uploads/:uploadId',
  access: 'article.write',
  summary: 'How far an upload has come.',
  params: UploadParams,
  reply: Upload,
});

export const finishUpload = route({
  method: 'POST',
  path: '/api/uploads/:uploadId/finish',
  access: 'article.write',
  summary: 'All bytes are sent: have them looked at and put into the library.',
  params: UploadParams,
  reply: Upload,
});

export const cancelUpload = route({
  method: 'DELETE',
  path: '/api/uploads/:uploadId',
  access: 'article.write',
  summary: 'Give an upload up; what was received is deleted.',
  params: UploadParams,
  reply: z.object({ ok: z.literal(true) }),
});
