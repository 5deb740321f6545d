/**
 * The application is told when somebody posted by way of its link. Of everything else nothing is taken: a person answers in
 * the app.
 */
import type { PushCapability } from '../contract.ts';
import { push as signed } from '../douyin/push.ts';

export const push: PushCapability = {
  ...signed,
  parse(clear, dedupKey) {
    const event = signed.parse(clear, dedupKey);
    if (event.kind !== 'delivery' || !event.ids.shareId) {
      return { kind: 'ignored', dedupKey, type: event.kind === 'ignored' ? event.type : event.kind };
    }
    // It tells neither address nor time.
    return { ...event, outcome: { kind: 'published', ids: event.ids, url: null, at: null } };
  },
};
