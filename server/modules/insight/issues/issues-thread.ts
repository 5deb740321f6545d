/** A thread: gathers messages of two windows into issues of the later one. */
import { answerInThread } from '#server/base/threads.ts';
import { gatherIssues } from './gather.ts';

answerInThread(gatherIssues);
