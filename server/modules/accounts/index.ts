export { countMoreCalls, takeCalls } from './known-limits.ts';
export { accountRoutes } from './routes.ts';
export { createAccountIn, demandSignIn, updateAccountIn } from './save-account.ts';
export { loadPushTarget, openAccountSession, openAccountSessions, type PushTarget } from './session.ts';
export { probeAccountNow, registerAccountCallbacks } from './sign-in.ts';
export {
  countCallFailure,
  countCallSuccess,
  findAccount,
  findHold,
  holdCalls,
  listAccountRows,
} from './store.ts';
export { holdSubjects, listAccountViews, modeOf } from './view.ts';
