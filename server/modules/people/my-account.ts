/** The routes of a person's own account. People and second factors are of no bureau: the worker's role, limited by person. */
import type { Actor } from '#server/base/actor.ts';
import { AppError } from '#server/base/app-error.ts';
import { asWorker, type Tx } from '#server/base/database.ts';
import { type RouteSet, serve, servePrepared } from '#server/base/http/serve.ts';
import { record } from '#server/modules/audit/index.ts';
import {
  beginSecondFactor,
  changePassword,
  confirmSecondFactor,
  getMyAccount,
  type MyAccount,
  removeSecondFactor,
  renewRecoveryCodes,
} from '#shared/my-account.ts';
import { changePasswordIn, prepareChange } from './change-password.ts';
import { demandRight, reauthenticate } from './reauthenticate.ts';
import { beginFactor, confirmFactor, renewCodes } from './second-factor/second-factor.ts';
import { countRecoveryCodes, deleteFactor, findFactor } from './second-factor/store.ts';
import { endOtherSessions } from './session.ts';
import { findBureau, getPerson } from './store.ts';

const done = { ok: true } as const;
const me = (actor: Actor) => ({ kind: 'person', id: actor.personId });

export function myAccountRoutes(): RouteSet {
  return [
    serve(getMyAccount, ({ tx, actor }) => asWorker(tx, (worker) => describeAccount(worker, actor))),
    servePrepared(
      changePassword,
      ({ app, request, actor, body }) => prepareChange(app, request, actor, body),
      async ({ app, tx, actor, request, prepared }) => {
        await asWorker(tx, (worker) => changePasswordIn(app, worker, actor, request, prepared));
        return done;
      },
    ),
    servePrepared(
      beginSecondFactor,
      ({ app, request, actor, body }) => reauthenticate(app, request, actor, body),
      async ({ app, tx, actor, prepared }) => {
        demandRight(prepared);
        return asWorker(tx, async (worker) => {
          const { login } = await getPerson(worker, actor.personId);
          const bureau = await findBureau(worker, actor.bureauId);
          const issuer = `回声 ${bureau.short_name}`;
          return beginFactor(app, worker, { personId: actor.personId, login, issuer });
        });
      },
    ),
    serve(confirmSecondFactor, ({ app, tx, actor, request, body }) =>
      asWorker(tx, async (worker) => {
        const replaced = (await findFactor(worker, actor.personId)) !== null;
        const recoveryCodes = await confirmFactor(app, worker, actor.personId, body.code);
        await endOtherSessions(app, worker, actor.personId, request);
        await record(worker, actor, 'second-factor.set-up', me(actor), { replaced });
        return { recoveryCodes };
      }),
    ),
    servePrepared(
      renewRecoveryCodes,
      ({ app, request, actor, body }) => reauthenticate(app, request, actor, body),
      async ({ tx, actor, prepared }) => {
        demandRight(prepared);
        return asWorker(tx, async (worker) => {
          await demandFactor(worker, actor);
          const recoveryCodes = await renewCodes(worker, actor.personId);
          await record(worker, actor, 'second-factor.codes-renewed', me(actor));
          return { recoveryCodes };
        });
      },
    ),
    servePrepared(
      removeSecondFactor,
      ({ app, request, actor, body }) => reauthenticate(app, request, actor, body),
      async ({ tx, actor, prepared }) => {
        demandRight(prepared);
        await asWorker(tx, async (worker) => {
          await demandFactor(worker, actor);
          await refuseWhereRequired(worker, actor);
          await deleteFactor(worker, actor.personId);
          await record(worker, actor, 'second-factor.removed', me(actor));
        });
        return done;
      },
    ),
  ];
}

async function describeAccount(tx: Tx, actor: Actor): Promise<MyAccount> {
  const person = await getPerson(tx, actor.personId);
  const factor = await findFactor(tx, actor.personId);
  const { policy } = await findBureau(tx, actor.bureauId);
  return {
    login: person.login,
    name: person.name,
    passwordChosenAt: person.password_chosen_at?.toISOString() ?? null,
    secondFactor: factor && {
      since: factor.since.toISOString(),
      recoveryCodesLeft: await countRecoveryCodes(tx, actor.personId),
    },
    secondFactorRequired: policy !== 'relaxed',
  };
}

/** @throws {AppError} input-invalid */
async function demandFactor(tx: Tx, actor: Actor): Promise<void> {
  if (!(await findFactor(tx, actor.personId)))
    throw new AppError('input-invalid', { problem: '还没有设置两步验证 / no second factor is set up' });
}

/** @throws {AppError} input-invalid */
async function refuseWhereRequired(tx: Tx, actor: Actor): Promise<void> {
  if ((await findBureau(tx, actor.bureauId)).policy !== 'relaxed')
    throw new AppError('input-invalid', {
      problem:
        '本单位要求两步验证，可以更换，不能关闭 / your bureau asks for a second factor: replace it, it cannot be removed',
    });
}
