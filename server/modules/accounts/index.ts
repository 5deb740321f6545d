export { findAccountDoubt } from './doubts.ts';
export { horizonMs as grantHorizonMs } from './grant-end.ts';
export { readAccountsHealth } from './health-line.ts';
export { countMoreCalls, listCallsLeft, takeCalls } from './known-limits.ts';
export { carryMenus } from './menus/carry-menus.ts';
export { menuRoutes } from './menus/routes.ts';
export { isStandIn, type NotNow, obeyFailure, openForCall, takeOneCall } from './one-call.ts';
export { listGrantEnds } from './renew-grant.ts';
export { accountRoutes } from './routes.ts';
export {
  createAccountIn,
  demandSignIn,
  grantPath,
  revokeGrant,
  updateAccountIn,
} from './save-account.ts';
export { loadPushTarget, openAccountSession, openAccountSessions, type PushTarget } from './session.ts';
export { probeAccountNow, registerAccountCallbacks } from './sign-in.ts';
export {
  countCallFailure,
  countCallSuccess,
  findAccount,
  findHold,
  holdCalls,
  listAccountRows,
  listActiveAccounts,
} from './store.ts';
export { holdSubjects, listAbilities, listAccountViews, modeOf } from './view.ts';
export { startAccountWorker } from './worker.ts';
