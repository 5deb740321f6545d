import type { Connector } from '#connectors/contract.ts';
import { connectors, getConnector } from '#connectors/registry.ts';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import type { Account, PlatformView } from '#shared/accounts.ts';
import type { DeliveryMode } from '#shared/package.ts';
import { deriveAbilities } from './derive-abilities.ts';
import { grantEnd } from './grant-end.ts';
import { listHealth } from './health-store.ts';
import { findHold, listAccountRows, listSecretNames } from './store.ts';

export const modeOf = (connector: Connector): DeliveryMode =>
  connector.publish.kind === 'hand-off' ? 'hand-off' : 'api';

/** Subjects whose holds stop this account's calls, from the narrowest to the widest. */
export function holdSubjects(account: { id: string; platform: string; settings: unknown }): {
  account: string;
  app: string;
  platform: string;
} {
  const settings = account.settings as Record<string, string>;
  return {
    account: account.id,
    app: `app:${account.platform}:${settings.appKey ?? settings.appId ?? settings.clientKey ?? account.id}`,
    platform: `platform:${account.platform}`,
  };
}

export async function listAccountViews(app: App, tx: Tx, bureauId: string): Promise<Account[]> {
  const rows = await listAccountRows(tx, bureauId);
  const secrets = await listSecretNames(tx, bureauId);
  const health = new Map((await listHealth(tx, bureauId)).map((row) => [row.account_id, row]));
  const views: Account[] = [];
  for (const row of rows) {
    const connector = getConnector(row.platform);
    const mine = secrets.filter(
      (secret) => secret.account_id === row.id && !secret.name.startsWith('token:'),
    );
    const hold = await findHold(tx, Object.values(holdSubjects(row)));
    const expiries = mine.flatMap((secret) => (secret.expires_at ? [secret.expires_at.getTime()] : []));
    views.push({
      id: row.id,
      unitId: row.unit_id,
      unitName: row.unit_name,
      name: row.name,
      platform: row.platform,
      platformName: connector.label,
      mode: modeOf(connector),
      reaches: [...connector.publish.reaches],
      state: row.state as Account['state'],
      stateReason: row.state_reason,
      settings: row.settings as Record<string, string>,
      secretsSet: mine.map((secret) => secret.name),
      capabilities: listCapabilities(connector),
      pushUrl: connector.push ? `${app.config.publicUrl}/hooks/${connector.id}/${row.id}` : null,
      replyLimit: connector.messages?.replyLimit ?? connector.comments?.replyLimit ?? null,
      credentialsExpireAt: expiries.length > 0 ? new Date(Math.min(...expiries)).toISOString() : null,
      heldUntil: hold?.until.toISOString() ?? null,
      heldReason: hold?.reason ?? null,
      ...describeHealth(connector, row.settings as Record<string, string>, health.get(row.id), expiries),
    });
  }
  return views;
}

/** What each account of the bureau can do, by its id. */
export async function listAbilities(tx: Tx, bureauId: string): Promise<Map<string, Account['abilities']>> {
  const health = new Map((await listHealth(tx, bureauId)).map((row) => [row.account_id, row.grants]));
  return new Map(
    (await listAccountRows(tx, bureauId)).map(({ id, platform }) => [
      id,
      deriveAbilities(getConnector(platform), (health.get(id) ?? {}) as Partial<Account['abilities']>),
    ]),
  );
}

type Health = Awaited<ReturnType<typeof listHealth>>[number];

function describeHealth(
  connector: Connector,
  settings: Record<string, string>,
  health: Health | undefined,
  expiries: readonly number[],
): Pick<Account, 'abilities' | 'probe' | 'renews' | 'renewableUntil' | 'renewError' | 'grantEndsAt'> {
  const renews = connector.renew !== undefined;
  const renewableUntil = health?.renewable_until ?? null;
  const end = grantEnd({
    expiresAt: expiries.length > 0 ? new Date(Math.min(...expiries)) : null,
    renews,
    renewableUntil,
    renewFails: (health?.renew_tries ?? 0) > 0,
  });
  return {
    abilities: deriveAbilities(connector, (health?.grants ?? {}) as Partial<Account['abilities']>, settings),
    probe: health?.probed_at
      ? {
          at: health.probed_at.toISOString(),
          result: health.probe_result ?? '',
          code: health.probe_code,
          notes: health.notes,
        }
      : null,
    renews,
    renewableUntil: renewableUntil?.toISOString() ?? null,
    renewError: health?.renew_error ?? null,
    grantEndsAt: end?.toISOString() ?? null,
  };
}

function listCapabilities(connector: Connector): Account['capabilities'] {
  const list: Account['capabilities'] = [connector.publish.kind === 'hand-off' ? 'hand-off' : 'publish'];
  if (connector.comments) list.push('comments');
  if (connector.messages) list.push('messages');
  list.push(...(connector.push?.tells ?? []).map((kind) => `push-${kind}` as const));
  if (connector.signIn) list.push('sign-in');
  if (connector.probe) list.push('probe');
  if (connector.quota) list.push('quota');
  return list;
}

export function listPlatformViews(): PlatformView[] {
  return [...connectors.values()].map((connector) => ({
    id: connector.id,
    name: connector.label,
    mode: modeOf(connector),
    fields: connector.fields.map((field) => ({
      key: field.key,
      kind: field.kind,
      required: field.required,
      label: field.label,
      pattern: field.pattern?.source ?? null,
    })),
    canSignIn: connector.signIn !== undefined,
    canProbe: connector.probe !== undefined,
  }));
}
