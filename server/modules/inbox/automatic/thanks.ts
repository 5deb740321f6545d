/** What is said at once to whoever says of an answer whether it was enough. */
import type { Tx } from '#server/base/database.ts';
import type { CaseKind } from '#shared/inbox.ts';
import type { InboxSettings } from '#shared/inbox-settings.ts';
import { isRatable, wasReopened } from '../cases/rate.ts';
import { readRating } from '../cases/rating.ts';
import { findCaseOfConversation } from '../cases/store.ts';
import { findConversationOf } from '../threads/store.ts';

type Who = { bureauId: string; accountId: string; personKey: string };

/** @returns null when it is no mark, or nothing waits for one */
export async function thankForRating(
  tx: Tx,
  settings: InboxSettings,
  who: Who,
  said: { text: string; at: Date },
): Promise<string | null> {
  const stars = settings.askSatisfaction ? readRating(said.text) : null;
  if (stars === null) return null;
  const conversationId = await findConversationOf(tx, who);
  const found = conversationId && (await findCaseOfConversation(tx, who.bureauId, conversationId));
  if (!found) return null;
  // The push may have been taken in already, between its receipt and now.
  const taken = found.satisfaction_at?.getTime() === said.at.getTime();
  if (!taken && !isRatable(found, said.at)) return null;
  if (stars > 2) return '感谢您的评价！';
  const opens = taken ? found.state === 'open' : !(await wasReopened(tx, who.bureauId, found.id));
  if (!opens) return '抱歉仍没有帮到您。我们已经记下，工作人员会与您联系。';
  const days = settings.levels[found.kind as CaseKind];
  return `抱歉没有帮到您。这件事已经重新打开，工作人员会在 ${days} 个工作日内再次答复您。请直接回复哪里没有解决，我们会一并核实。`;
}
