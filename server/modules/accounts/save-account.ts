import { z } from 'zod';
import type { AccountField, Connector } from '#connectors/contract.ts';
import { connectors } from '#connectors/registry.ts';
import type { Actor, SystemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { wallDate } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { clockOf } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import { notify } from '#server/modules/notices/index.ts';
import { listUnitsOf } from '#server/modules/people/index.ts';
import { insertHealth, listHealth } from './health-store.ts';
import { findAccount, insertAccount, listSecrets, putSecret, updateAccountRow } from './store.ts';

export type AccountInput = {
  platform: string;
  name: string;
  unitId: string;
  settings: Record<string, string>;
  secrets: Record<string, string>;
};

/** @throws {AppError} input-invalid naming the field, before anything is stored */
function checkField(field: AccountField, value: string | undefined): void {
  if (!value) {
    if (field.required) {
      throw new AppError('input-invalid', {
        problem: `请填写${field.label.zh} / ${field.label.en} is needed`,
        field: field.key,
      });
    }
    return;
  }
  if (field.pattern && !field.pattern.test(value)) {
    throw new AppError('input-invalid', {
      problem: `${field.label.zh}格式不对 / ${field.label.en} has the wrong form`,
      field: field.key,
    });
  }
}

function known(
  connector: Connector,
  kind: AccountField['kind'],
  values: Record<string, string>,
): Record<string, string> {
  const keys = new Set(connector.fields.filter((field) => field.kind === kind).map((field) => field.key));
  const strange = Object.keys(values).find((key) => !keys.has(key));
  if (strange)
    throw new AppError('input-invalid', { problem: `没有这个字段：${strange} / no such field: ${strange}` });
  return values;
}

async function storeSecrets(
  app: App,
  tx: Tx,
  bureauId: string,
  accountId: string,
  secrets: Record<string, string>,
): Promise<void> {
  for (const [name, value] of Object.entries(secrets)) {
    const place = { bureauId, table: 'account_secrets', row: accountId, column: name };
    await putSecret(tx, {
      bureau_id: bureauId,
      account_id: accountId,
      name,
      sealed: app.sealer.seal(place, value),
      expires_at: null,
    });
  }
}

/** @throws {AppError} input-invalid */
async function demandUnit(tx: Tx, bureauId: string, unitId: string): Promise<void> {
  if ((await listUnitsOf(tx, bureauId)).some((unit) => unit.id === unitId)) return;
  throw new AppError('input-invalid', {
    problem: '单位不属于本局 / the unit is not of this bureau',
    field: 'unitId',
  });
}

export async function createAccountIn(
  app: App,
  tx: Tx,
  actor: Pick<Actor, 'personId' | 'name' | 'bureauId'> | SystemActor,
  input: AccountInput,
): Promise<{ id: string }> {
  const connector = connectors.get(input.platform);
  if (!connector)
    throw new AppError('input-invalid', { problem: `不支持的平台：${input.platform} / unknown platform` });
  await demandUnit(tx, actor.bureauId, input.unitId);
  known(connector, 'setting', input.settings);
  known(connector, 'secret', input.secrets);
  const values = { ...input.settings, ...input.secrets };
  for (const field of connector.fields) checkField(field, values[field.key]);
  const id = newId();
  await insertAccount(tx, {
    bureau_id: actor.bureauId,
    id,
    unit_id: input.unitId,
    platform: input.platform,
    name: input.name,
    settings: input.settings,
  });
  await insertHealth(tx, { bureauId: actor.bureauId, accountId: id });
  await storeSecrets(app, tx, actor.bureauId, id, input.secrets);
  await record(tx, actor, 'account.created', { kind: 'account', id }, { platform: input.platform });
  app.live.changed(tx, actor.bureauId, 'accounts');
  return { id };
}

export const AccountChange = z.object({
  name: z.string().optional(),
  state: z.enum(['active', 'paused', 'closed']).optional(),
  reason: z.string(),
  settings: z.record(z.string(), z.string()).optional(),
  secrets: z.record(z.string(), z.string()).optional(),
});
export type AccountChange = z.infer<typeof AccountChange>;

export async function updateAccountIn(
  app: App,
  tx: Tx,
  actor: Pick<Actor, 'personId' | 'name' | 'bureauId'> | SystemActor,
  accountId: string,
  change: AccountChange,
): Promise<void> {
  const row = await findAccount(tx, actor.bureauId, accountId);
  if (!row) throw new AppError('not-found');
  const connector = connectors.get(row.platform)!;
  const settings = {
    ...(row.settings as Record<string, string>),
    ...known(connector, 'setting', change.settings ?? {}),
  };
  const secrets = known(connector, 'secret', change.secrets ?? {});
  const stored = new Set((await listSecrets(tx, actor.bureauId, accountId)).map((secret) => secret.name));
  for (const field of connector.fields) {
    const value = field.kind === 'setting' ? settings[field.key] : secrets[field.key];
    // A secret that is stored already need not be sent again.
    if (value === undefined && field.kind === 'secret' && stored.has(field.key)) continue;
    checkField(field, value);
  }
  await storeSecrets(app, tx, actor.bureauId, accountId, secrets);
  const signedInAgain = row.state === 'sign-in-again' && Object.keys(secrets).length > 0;
  const state = change.state ?? (signedInAgain ? 'active' : row.state);
  await updateAccountRow(tx, actor.bureauId, accountId, {
    name: change.name ?? row.name,
    settings: JSON.stringify(settings),
    state,
    state_reason: state === 'active' ? null : change.reason || row.state_reason,
  });
  await record(
    tx,
    actor,
    'account.updated',
    { kind: 'account', id: accountId },
    {
      state,
      reason: change.reason,
      settings: Object.keys(change.settings ?? {}),
      secrets: Object.keys(secrets),
    },
  );
  app.live.changed(tx, actor.bureauId, 'accounts');
}

/** Pauses an account whose credentials the platform refused; everything planned on it waits. */
export async function demandSignIn(
  app: App,
  tx: Tx,
  bureauId: string,
  accountId: string,
  code: string,
): Promise<void> {
  const account = await findAccount(tx, bureauId, accountId);
  // What a person paused or closed stays so.
  await updateAccountRow(tx, bureauId, accountId, { state: 'sign-in-again', state_reason: code }, 'active');
  await record(
    tx,
    { personId: null, name: '系统', bureauId },
    'account.sign-in-demanded',
    { kind: 'account', id: accountId },
    { code },
  );
  if (account?.state === 'active') {
    await notify(app, tx, {
      bureauId,
      to: { kind: 'role', role: 'administrator' },
      kind: 'grant-ended',
      subject: { kind: 'account', id: accountId },
      text: {
        zh: `账号“${account.name}”的平台授权已失效，发布和回复都在等待`,
        en: `The platform’s grant to “${account.name}” has ended; posts and answers wait`,
      },
      link: grantPath(account),
      urgency: 'urgent',
      dedupKey: `grant-ended:${accountId}:${wallDate(await clockOf(tx))}`,
    });
  }
  app.live.changed(tx, bureauId, 'accounts');
}

/** Where a person grants access again: on to the platform in one click, or the form where the platform has no such page. */
export function grantPath(account: { id: string; platform: string }): string {
  const page = `/accounts/${account.id}`;
  return connectors.get(account.platform)?.signIn ? `${page}/grant` : page;
}

/** The platform says that the grant was taken away. Word that is older than the grant we hold changes nothing. */
export async function revokeGrant(
  app: App,
  tx: Tx,
  { bureauId, accountId }: { bureauId: string; accountId: string },
  at: Date,
): Promise<void> {
  const health = (await listHealth(tx, bureauId)).find((row) => row.account_id === accountId);
  if (health?.renewed_at && health.renewed_at > at) return;
  await demandSignIn(app, tx, bureauId, accountId, 'revoked');
}
