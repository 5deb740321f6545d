import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { notify } from '#server/modules/notices/index.ts';
import type { Text } from '#shared/lang.ts';
import { stageLabels } from '#shared/review.ts';
import type { ChainStage } from './chain.ts';

type Named = { id: string; title: string };

/** Those who may decide the stage that begins now. */
export async function tellReviewers(
  app: App,
  tx: Tx,
  bureauId: string,
  review: Named,
  { stage, role }: ChainStage,
  except: readonly string[],
): Promise<void> {
  const label = stageLabels[stage];
  await notify(app, tx, {
    bureauId,
    to: { kind: 'role', role },
    except,
    kind: 'review-waiting',
    subject: { kind: 'review', id: review.id },
    text: {
      zh: `《${review.title}》等待${label.zh}`,
      en: `“${review.title}” waits for: ${label.en.toLowerCase()}`,
    },
    link: `/reviews/${review.id}`,
    phoneLink: `/m/reviews/${review.id}`,
    urgency: 'normal',
    dedupKey: `review-waiting:${review.id}:${stage}`,
  });
}

/** Whoever submitted learns how it ended. */
export async function tellSubmitter(
  app: App,
  tx: Tx,
  actor: Actor,
  review: Named & { submitted_by: string; subject_id: string },
  state: 'approved' | 'returned',
): Promise<void> {
  const words =
    state === 'approved'
      ? { zh: `《${review.title}》已通过审核`, en: `“${review.title}” was approved` }
      : {
          zh: `《${review.title}》被${actor.name}退回，请按意见修改`,
          en: `${actor.name} returned “${review.title}”; mend it by the remarks`,
        };
  await notify(app, tx, {
    bureauId: actor.bureauId,
    to: { kind: 'person', id: review.submitted_by },
    kind: state === 'approved' ? 'review-approved' : 'review-returned',
    subject: { kind: 'review', id: review.id },
    text: words,
    link: `/reviews/${review.id}`,
    urgency: 'normal',
    dedupKey: `review-${state}:${review.id}`,
  });
}

/** Those who wait for the decision, and those who were to make it: nothing is left to decide. */
export async function tellVoided(
  app: App,
  tx: Tx,
  bureauId: string,
  review: Named & { submitted_by: string; chain: readonly ChainStage[]; stage: number },
  why: Text,
): Promise<void> {
  const current = review.chain[review.stage];
  await notify(app, tx, {
    bureauId,
    to: [
      { kind: 'person', id: review.submitted_by },
      ...(current ? [{ kind: 'role' as const, role: current.role }] : []),
    ],
    kind: 'review-voided',
    subject: { kind: 'review', id: review.id },
    text: {
      zh: `《${review.title}》不用再审：${why.zh}`,
      en: `“${review.title}” needs no review: ${why.en}`,
    },
    link: `/reviews/${review.id}`,
    urgency: 'normal',
    dedupKey: `review-voided:${review.id}`,
  });
}
