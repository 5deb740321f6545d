import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { AppError } from '#server/base/app-error.ts';
import { sha256 } from '#server/base/canonical.ts';
import { wallTime } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import { Permission, permissions } from '#shared/people.ts';
import { chooseBureau, operatorOf } from './bureaus.ts';
import { alignTable, type Context, exitCodes, need, parse, type Run, UsageError } from './command.ts';
import { withDatabase } from './with-app.ts';

export const run: Run = async (args, context) => {
  const { values, positionals } = parse(args, {
    bureau: { type: 'string' },
    name: { type: 'string' },
    scopes: { type: 'string' },
    by: { type: 'string' },
    days: { type: 'string' },
    id: { type: 'string' },
  });
  const inTx = (work: (tx: Tx) => Promise<number>) =>
    withDatabase(context.config, (database) => database.withWorker(work));
  switch (positionals.join(' ')) {
    case 'create': {
      const input = {
        name: need(values.name, '--name'),
        scopes: readScopes(need(values.scopes, '--scopes')),
        by: need(values.by, '--by'),
        days: values.days === undefined ? null : readDays(values.days),
      };
      return inTx((tx) => createToken(tx, values.bureau, input, context));
    }
    case 'list':
      return inTx((tx) => listTokens(tx, values.bureau, context));
    case 'revoke': {
      const id = need(values.id, '--id');
      return inTx((tx) => revokeToken(tx, id, context));
    }
    default:
      throw new UsageError(`token ${positionals.join(' ')}?`);
  }
};

function readScopes(text: string): Permission[] {
  return text.split(',').map((part) => {
    const scope = Permission.safeParse(part.trim());
    if (scope.success) return scope.data;
    throw new UsageError(`没有这项权限：${part} / no such scope; one of:\n  ${permissions.join('\n  ')}`);
  });
}

function readDays(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days > 0 && days <= 3_650) return days;
  throw new UsageError('--days 须为 1–3650 的整数 / --days takes a whole number from 1 to 3650');
}

async function createToken(
  tx: Tx,
  slug: string | undefined,
  input: { name: string; scopes: Permission[]; by: string; days: number | null },
  { print, note }: Context,
): Promise<number> {
  const bureau = await chooseBureau(tx, slug);
  const person = await tx
    .selectFrom('people')
    .innerJoin('memberships', 'memberships.person_id', 'people.id')
    .select('people.id')
    .where('login', '=', input.by.toLowerCase())
    .where('memberships.bureau_id', '=', bureau.id)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  if (!person)
    throw new AppError('input-invalid', {
      problem: `${bureau.name} 没有用户 ${input.by} / no such person in this bureau`,
    });
  // 256 random bits: the hash alone is kept, and needs no salt.
  const token = `hs_${randomBytes(32).toString('base64url')}`;
  const id = newId();
  await tx
    .insertInto('api_tokens')
    .values({
      bureau_id: bureau.id,
      id,
      token_hash: sha256(token),
      name: input.name,
      scopes: input.scopes,
      created_by: person.id,
      expires_at: input.days === null ? null : sql<Date>`now() + make_interval(days => ${input.days})`,
    })
    .execute();
  await record(
    tx,
    operatorOf(bureau.id),
    'token.created',
    { kind: 'token', id },
    { name: input.name, scopes: input.scopes },
  );
  note('令牌只显示这一次，请妥善保存 / the token is shown once; keep it safe');
  print(token);
  return exitCodes.ok;
}

async function listTokens(tx: Tx, slug: string | undefined, { print }: Context): Promise<number> {
  const bureau = await chooseBureau(tx, slug);
  const rows = await tx
    .selectFrom('api_tokens')
    .select(['id', 'name', 'scopes', 'created_at', 'expires_at', 'revoked_at'])
    .where('bureau_id', '=', bureau.id)
    .orderBy('created_at')
    .execute();
  const lines = rows.map((row) => [
    row.id,
    row.name,
    row.scopes.join(','),
    wallTime(row.created_at),
    row.revoked_at ? '已吊销 revoked' : row.expires_at ? `至 until ${wallTime(row.expires_at)}` : '',
  ]);
  for (const line of alignTable(lines)) print(line);
  return exitCodes.ok;
}

async function revokeToken(tx: Tx, id: string, { print }: Context): Promise<number> {
  const row = await tx
    .updateTable('api_tokens')
    .set({ revoked_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('bureau_id')
    .executeTakeFirst();
  if (!row)
    throw new AppError('input-invalid', {
      problem: '没有这个令牌，或已吊销 / no such token, or revoked already',
    });
  await record(tx, operatorOf(row.bureau_id), 'token.revoked', { kind: 'token', id });
  print('已吊销 / revoked');
  return exitCodes.ok;
}
