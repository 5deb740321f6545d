/** Files that people send, and those that stand beside notes of cases. */
import { z } from 'zod';

/** `lost`: the platform has it no more or never gave it. `refused`: it did not pass our checks. */
export const sentFileStates = ['waiting', 'kept', 'lost', 'refused'] as const;
const SentFileState = z.enum(sentFileStates);
export type SentFileState = z.infer<typeof SentFileState>;

/** A file beside a message or a note. */
export const CaseFile = z.object({
  id: z.uuid(),
  /** For signed-in colleagues; ends within a day. */
  url: z.string(),
  mime: z.string(),
  name: z.string(),
  /** Bytes. */
  size: z.number().int(),
});
export type CaseFile = z.infer<typeof CaseFile>;

/** What came besides words, and where its file lies on the platform how it stands with it. */
export const SentAttachment = z.object({
  /** The platform's own term. */
  type: z.string(),
  /** Null: it has no file, or none that can be had. */
  file: z
    .object({ state: SentFileState, reason: z.object({ zh: z.string(), en: z.string() }).nullable() })
    .nullable(),
});
export type SentAttachment = z.infer<typeof SentAttachment>;
