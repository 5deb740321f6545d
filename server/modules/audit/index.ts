export { record } from './record.ts';
export { auditRoutes } from './routes.ts';
export { sealOnce, startSealer } from './sealer.ts';
export { findLastActor } from './store.ts';
export { type VerifyReport, verify } from './verify.ts';
