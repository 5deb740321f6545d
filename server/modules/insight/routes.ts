import { type RouteSet, serve } from '#server/base/http/serve.ts';
import {
  askIssueRun,
  beginTopic,
  changeIssue,
  getAnswerQuality,
  getDigest,
  getDigestFile,
  getIssue,
  listDigests,
  listIssues,
  makeDigest,
  putDigest,
  signDigest,
} from '#shared/insight.ts';
import { saveDigestIn, signDigestIn } from './digest/change-digest.ts';
import { makeDigestOf } from './digest/make-digest.ts';
import { viewDigest, viewDigestFile, viewDigests } from './digest/view.ts';
import { askRun, beginTopicIn, changeIssueIn } from './issues/change-issue.ts';
import { viewIssue, viewIssues } from './issues/view.ts';
import { viewQuality } from './quality/view.ts';

export function insightRoutes(): RouteSet {
  return [
    serve(listIssues, ({ tx, actor, query }) =>
      viewIssues(tx, actor.bureauId, { days: Number(query.days), hidden: query.hidden === '1' }),
    ),
    serve(askIssueRun, ({ app, tx, actor, body }) => askRun(app, tx, actor, body)),
    serve(getIssue, ({ tx, actor, params }) => viewIssue(tx, actor.bureauId, params.issueId)),
    serve(changeIssue, async ({ app, tx, actor, params, body }) => {
      await changeIssueIn(app, tx, actor, params.issueId, body);
      return { ok: true } as const;
    }),
    serve(beginTopic, ({ app, tx, actor, params }) => beginTopicIn(app, tx, actor, params.issueId)),
    serve(listDigests, ({ tx, actor }) => viewDigests(tx, actor.bureauId)),
    serve(getDigest, ({ tx, actor, params }) => viewDigest(tx, actor.bureauId, params.digestId)),
    serve(makeDigest, ({ app, tx, actor, body }) => makeDigestOf(app, tx, actor, body.day)),
    serve(putDigest, ({ app, tx, actor, params, body }) =>
      saveDigestIn(app, tx, actor, params.digestId, body),
    ),
    serve(signDigest, ({ app, tx, actor, params, body }) =>
      signDigestIn(app, tx, actor, params.digestId, body.revision),
    ),
    serve(getDigestFile, ({ tx, actor, params, query }) =>
      viewDigestFile(tx, actor.bureauId, params.digestId, query.format),
    ),
    serve(getAnswerQuality, ({ tx, actor, query }) => viewQuality(tx, actor.bureauId, Number(query.days))),
  ];
}
