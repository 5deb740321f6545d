import type { CaseView } from '#shared/inbox.ts';

export type Conversation = CaseView['conversations'][number];
