/** A thread: learns from corrections, and tells how well that does. */
import { createMessageModel, type SortedMessage } from '#server/base/text/message-model.ts';
import { answerInThread } from '#server/base/threads.ts';
import { judgeSorting } from './judge-sorting.ts';

answerInThread((sorted: readonly SortedMessage[]) => ({
  ...createMessageModel(sorted).toBuffers(),
  report: judgeSorting(sorted, createMessageModel),
}));
