import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { listAccountRows, updateAccountIn } from '#server/modules/accounts/index.ts';
import { type AccountState, accountStateLabels } from '#shared/accounts.ts';
import { chooseBureau, listBureaus, operatorOf } from './bureaus.ts';
import { alignTable, both, type Context, exitCodes, need, parse, type Run, UsageError } from './command.ts';
import { withApp, withDatabase } from './with-app.ts';

export const run: Run = async (args, context) => {
  const { values, positionals } = parse(args, {
    bureau: { type: 'string' },
    id: { type: 'string' },
    reason: { type: 'string' },
  });
  switch (positionals.join(' ')) {
    case 'list':
      return withDatabase(context.config, (database) =>
        database.withWorker((tx) => listAccounts(tx, values.bureau, context)),
      );
    case 'pause':
      return setState(context, need(values.id, '--id'), 'paused', need(values.reason, '--reason'));
    case 'resume':
      return setState(context, need(values.id, '--id'), 'active', values.reason ?? '');
    default:
      throw new UsageError(`account ${positionals.join(' ')}?`);
  }
};

async function listAccounts(tx: Tx, slug: string | undefined, { print }: Context): Promise<number> {
  const bureaus = slug ? [await chooseBureau(tx, slug)] : await listBureaus(tx);
  const lines: string[][] = [];
  for (const bureau of bureaus) {
    for (const row of await listAccountRows(tx, bureau.id)) {
      const state = both(accountStateLabels[row.state as AccountState]);
      lines.push([row.id, bureau.slug, row.platform, row.name, state, row.state_reason ?? '']);
    }
  }
  for (const line of alignTable(lines)) print(line);
  return exitCodes.ok;
}

async function setState(
  { config, print }: Context,
  accountId: string,
  state: 'active' | 'paused',
  reason: string,
): Promise<number> {
  await withApp(config, (app) =>
    app.database.withWorker(async (tx) => {
      const row = await findAccountRow(tx, accountId);
      if (!row)
        throw new AppError('input-invalid', {
          problem: `没有这个账号：${accountId} / no such account`,
        });
      // Neither is undone by a command: the one needs the platform's grant, the other is for good.
      if (state === 'active' && row.state !== 'paused' && row.state !== 'active')
        throw new AppError('state-conflict', { state: accountStateLabels[row.state as AccountState].zh });
      await updateAccountIn(app, tx, operatorOf(row.bureau_id), accountId, { state, reason });
    }),
  );
  print(`${accountId} ${both(accountStateLabels[state])}`);
  return exitCodes.ok;
}

async function findAccountRow(tx: Tx, accountId: string) {
  for (const bureau of await listBureaus(tx)) {
    const row = (await listAccountRows(tx, bureau.id)).find((one) => one.id === accountId);
    if (row) return row;
  }
  return undefined;
}
