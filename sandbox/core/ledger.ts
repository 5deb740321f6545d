/**
 * What a platform really accepted, in order: the oracle of the fault tests. A stand-in appends here in the same
 * turn in which it changes its state, whatever the client is told afterwards.
 */
export type LedgerKind =
  | 'post.published'
  | 'post.deleted'
  | 'publish.accepted'
  | 'mass.accepted'
  | 'draft.created'
  | 'draft.updated'
  | 'draft.deleted'
  | 'menu.changed'
  | 'media.uploaded'
  | 'comment.made'
  | 'comment.elected'
  | 'comment.unelected'
  | 'comment.deleted'
  | 'commenting.changed'
  | 'reply.sent'
  | 'reply.deleted'
  | 'message.received'
  | 'message.sent'
  | 'token.issued';

export type LedgerEntry = {
  seq: number;
  /** ISO 8601 by the sandbox clock. */
  at: string;
  platform: string;
  account: string;
  kind: LedgerKind;
  /** The platform's own id of the thing. */
  key: string;
  detail: Readonly<Record<string, unknown>>;
};

export type Ledger = {
  append(entry: Omit<LedgerEntry, 'seq' | 'at'>): LedgerEntry;
  list(filter?: { platform?: string; kind?: string; account?: string }): LedgerEntry[];
};

export function createLedger(entries: LedgerEntry[], now: () => number, changed: () => void): Ledger {
  return {
    append(entry) {
      const written = { seq: entries.length + 1, at: new Date(now()).toISOString(), ...entry };
      entries.push(written);
      changed();
      return written;
    },
    list: (filter = {}) =>
      entries.filter(
        (entry) =>
          (filter.platform === undefined || entry.platform === filter.platform) &&
          (filter.kind === undefined || entry.kind === filter.kind) &&
          (filter.account === undefined || entry.account === filter.account),
      ),
  };
}
