/** Requests of insight: issues, digests, the quality of answers, how well sorting does. */
import * as insight from '#shared/insight.ts';
import type { Route } from '#shared/route.ts';
import type { MakeRequest } from './make-request.ts';
import type { Things } from './things.ts';

export function insightRequests(things: Things, reason: string): [Route, MakeRequest][] {
  const none: MakeRequest = async () => ({});
  return [
    [insight.getSortingReport, none],
    [insight.listIssues, none],
    [insight.askIssueRun, async () => ({ body: { days: 7 } })],
    [insight.getIssue, async () => ({ params: { issueId: await things.issue() } })],
    [
      insight.changeIssue,
      async () => ({ params: { issueId: await things.issue() }, body: { step: 'hide', reason } }),
    ],
    [insight.beginTopic, async () => ({ params: { issueId: await things.issue() } })],
    [insight.getAnswerQuality, none],
    [insight.listDigests, none],
    [insight.getDigest, async () => ({ params: { digestId: await things.digest() } })],
    [insight.makeDigest, async () => ({ body: { day: '2026-03-04' } })],
    [
      insight.putDigest,
      async () => ({
        params: { digestId: await things.digest() },
        body: { baseRevision: 1, title: reason, sections: [{ key: 'watch', title: reason, text: reason }] },
      }),
    ],
    [
      insight.signDigest,
      async () => ({ params: { digestId: await things.digest() }, body: { revision: 1 } }),
    ],
    [
      insight.getDigestFile,
      async () => ({ params: { digestId: await things.digest() }, query: { format: 'html' } }),
    ],
  ];
}
