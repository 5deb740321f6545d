import type { Connector } from '#connectors/contract.ts';
import { getConnector } from '#connectors/registry.ts';

/** How long an answer may be there, and 0 where this platform takes none at all. */
function replyLimitOf(connector: Connector, kind: string): number {
  if (kind === 'comment') return connector.comments?.replyLimit ?? 0;
  // Whoever named us did so under a post of their own: no interface answers there.
  return kind === 'message' ? (connector.messages?.replyLimit ?? 0) : 0;
}

/** Where no platform stands between, an answer may be this long. */
export const ownReplyLimit = 2_000;

export function replyLimitFor(platform: string | null, kind: string): number {
  return platform === null ? ownReplyLimit : replyLimitOf(getConnector(platform), kind);
}
