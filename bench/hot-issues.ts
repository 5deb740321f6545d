/**
 * What many people bring up, found in `--file` (JSON lines `{id, user, title, detail, time, likes, dislikes}`), the hottest
 * first. Without a file an invented town complains.
 */
import { findHotIssues, heatVersion, type IssueMessage } from '#server/base/text/hot-issues.ts';
import { type BenchOptions, type BenchResult, round } from './support/bench.ts';
import { inventComplaints } from './support/complaints.ts';
import { readRows } from './support/json-lines.ts';

type Row = {
  id: number | string;
  user?: string;
  title: string | null;
  detail: string | null;
  time: string;
  likes?: number;
  dislikes?: number;
};

export async function run({ arguments: given, say }: BenchOptions): Promise<BenchResult> {
  const file = given.get('file');
  const messages = file ? (await readRows<Row>(file)).map(asMessage) : inventComplaints(2_000);
  const began = performance.now();
  const issues = findHotIssues(messages);
  const seconds = (performance.now() - began) / 1000;
  say(`热度公式第 ${heatVersion} 版 / heat formula ${heatVersion}`);
  for (const [at, issue] of issues.slice(0, 10).entries())
    say(`${at + 1}. ${issue.title} (${issue.ids.length}, ${round(issue.heat)})`);
  return {
    name: 'hot-issues',
    ratio: null,
    figures: {
      issues: issues.map(({ title, heat, ids }, at) => ({ rank: at + 1, title, heat: round(heat, 2), ids })),
      messages: messages.length,
      seconds: round(seconds, 2),
    },
  };
}

function asMessage(row: Row): IssueMessage {
  return {
    id: String(row.id),
    person: row.user ?? null,
    title: row.title ?? '',
    text: row.detail ?? '',
    at: new Date(row.time),
    likes: row.likes ?? 0,
    dislikes: row.dislikes ?? 0,
  };
}
