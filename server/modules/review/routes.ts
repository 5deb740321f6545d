import { type RouteSet, serve } from '#server/base/http/serve.ts';
import { decideReview, getReview, listReviews } from '#shared/review.ts';
import { decide } from './decide.ts';
import type { ReviewSubjects } from './subject.ts';
import { getReviewView, listReviewViews } from './view.ts';

export function reviewRoutes(subjects: ReviewSubjects): RouteSet {
  return [
    serve(listReviews, ({ tx, actor, query }) => listReviewViews(tx, actor, subjects, query)),
    serve(getReview, ({ app, tx, actor, params }) =>
      getReviewView(app, tx, actor, subjects, params.reviewId),
    ),
    serve(decideReview, async ({ app, tx, actor, params, body }) => ({
      state: await decide(app, tx, actor, subjects, params.reviewId, body),
    })),
  ];
}
