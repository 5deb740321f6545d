import { userInfo } from 'node:os';
import type { SystemActor } from '#server/base/actor.ts';
import type { Tx } from '#server/base/database.ts';
import { UsageError } from './command.ts';

export type BureauRow = { id: string; slug: string; name: string };

export async function listBureaus(tx: Tx): Promise<BureauRow[]> {
  return tx
    .selectFrom('bureau_settings')
    .innerJoin('units', 'units.id', 'bureau_settings.bureau_id')
    .select(['units.id', 'bureau_settings.slug', 'units.name'])
    .orderBy('units.created_at')
    .orderBy('bureau_settings.slug')
    .execute();
}

/** The bureau named by `--bureau`, or the only one there is. @throws {UsageError} listing them */
export async function chooseBureau(tx: Tx, slug: string | undefined): Promise<BureauRow> {
  const bureaus = await listBureaus(tx);
  if (bureaus.length === 0)
    throw new UsageError('还没有单位，请先运行 seed bureau / there is no bureau yet: run seed bureau first');
  const found = slug ? bureaus.find((bureau) => bureau.slug === slug) : bureaus[0];
  if (found && (slug || bureaus.length === 1)) return found;
  const choices = bureaus.map((bureau) => `  ${bureau.slug}  ${bureau.name}`).join('\n');
  throw new UsageError(`请用 --bureau 指明单位 / name the bureau with --bureau:\n${choices}`);
}

/** Who stands in the audit log for a command: the account of the operating system. */
export function operatorOf(bureauId: string): SystemActor {
  let who = '';
  try {
    who = userInfo().username;
  } catch {
    // A container's user may have no name.
  }
  return { personId: null, name: `命令行 ${who}`.trim(), bureauId };
}
