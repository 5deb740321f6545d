export { replyTask } from './answers/reply-by-hand.ts';
export { replySubject } from './answers/reply-subject.ts';
export { mayLookFor, readLevels } from './asks/before-asking.ts';
export { askLimits, demandLength } from './asks/limits.ts';
export {
  type AnswerCursor,
  answerPath,
  countAnswersByField,
  findMatchingAnswers,
  findPublicAnswer,
  listPublicAnswers,
  type PublicAnswer,
  voteOnAnswer,
} from './asks/public-answers.ts';
export {
  addToReceipt,
  type ReceiptKey,
  type ReceiptView,
  rateReceipt,
  readReceipt,
  withdrawReceipt,
} from './asks/receipt.ts';
export { searchAnswers } from './asks/search-store.ts';
export { type Receipt, submitAsk } from './asks/submit-ask.ts';
export { isCourtesy } from './cases/classify.ts';

export { recomputeDeadlines } from './cases/recompute.ts';
export { createPushIntake, type PushIntake } from './intake/push-intake.ts';
export { pushRoutes } from './intake/push-routes.ts';
export { countWaitingPushes, readPushLag } from './intake/store.ts';
export { loadNobodys } from './personal-findings.ts';
export { publishedAnswerSubject } from './publication/subject.ts';
export { inboxRoutes } from './routes.ts';
export { listAnswered, listExchanges } from './talk/answered-store.ts';
export {
  countTalk,
  hasTalk,
  listCaseNumbers,
  listTalk,
  listTalkById,
} from './talk/store.ts';
export { readWeek, type WeekFigures } from './talk/week-store.ts';
export { listInboxTodo } from './todo.ts';
export { startInboxWorker } from './worker.ts';
