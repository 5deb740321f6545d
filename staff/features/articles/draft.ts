/** What is edited and saved together: the text, where it goes, and how many stages review it. */
import {
  type Article,
  type ArticleClass,
  ArticleContent,
  ArticleClass as ClassSchema,
  Target,
  type Target as TargetType,
} from '#shared/content.ts';
import { sameDocument } from './editor/document-json.ts';

export type Draft = { working: ArticleContent; targets: TargetType[]; class: ArticleClass };

export function draftOf(article: Article): Draft {
  return { working: article.working, targets: article.targets, class: article.class };
}

function targetKey(target: TargetType): string {
  const { title, digest, text, coverFileId, topics } = target.override;
  return JSON.stringify([
    target.accountId,
    target.reach,
    target.plannedWall,
    target.evenIfLate,
    title ?? null,
    digest ?? null,
    text ?? null,
    coverFileId ?? null,
    topics ?? null,
  ]);
}

export function sameDraft(a: Draft, b: Draft): boolean {
  const fields = (d: Draft) =>
    JSON.stringify([
      d.working.title,
      d.working.digest,
      d.working.author,
      d.working.coverFileId,
      d.working.video?.fileId ?? null,
      d.working.video?.transcript ?? '',
      d.class,
      d.targets.map(targetKey),
    ]);
  return fields(a) === fields(b) && sameDocument(a.working.body, b.working.body);
}

/** A local copy from an older version of the desk may no longer fit; then it is not touched and not used. */
export function readDraft(value: unknown): Draft | null {
  const { working, targets, class: level } = (value ?? {}) as Record<string, unknown>;
  const content = ArticleContent.safeParse(working);
  const goals = Target.array().safeParse(targets);
  const stages = ClassSchema.safeParse(level);
  if (!content.success || !goals.success || !stages.success) return null;
  return { working: content.data, targets: goals.data, class: stages.data };
}
