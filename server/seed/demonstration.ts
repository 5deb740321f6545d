/**
 * The demonstration: a county bureau that can be tried at once, a city bureau above it, a second county beside it. All
 * names are invented. Passwords and the stand-ins' secrets are random, made once, and kept in the data directory.
 */
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { createAccountIn } from '#server/modules/accounts/index.ts';
import { beginSampleArticle } from '#server/modules/content/index.ts';
import { hashPassword, newPassword } from '#server/modules/people/index.ts';
import { seedWorkingDays } from '#server/modules/planning/index.ts';
import { roleLabels } from '#shared/people.ts';
import { bureaus, type SeedBureau, type SeedPerson } from './bureaus.ts';
import { sampleArticle } from './sample-article.ts';
import { drawSamplePicture } from './sample-picture.ts';
import { makeStandIns, type StandInAccount, standInInputs } from './stand-ins.ts';

export type SignIn = { login: string; password: string; name: string; roleName: string; bureau: string };

export type Demonstration = { signIns: SignIn[]; standIns: StandInAccount[] };

const fileName = 'demonstration.json';

/**
 * What the demonstration is made of; seeds it on the first start. The file is complete before the database is touched,
 * so that a crash in between can't leave people whose passwords nobody knows.
 */
export async function loadDemonstration(
  dataDir: string,
  seed: (plan: Demonstration) => Promise<void>,
): Promise<Demonstration> {
  const path = join(dataDir, fileName);
  if (existsSync(path)) return JSON.parse(await readFile(path, 'utf8')) as Demonstration;
  const begun = `${path}.begun`;
  const plan: Demonstration = existsSync(begun)
    ? (JSON.parse(await readFile(begun, 'utf8')) as Demonstration)
    : planDemonstration();
  await writeFile(begun, JSON.stringify(plan, null, 2), { mode: 0o600 });
  await seed(plan);
  await rename(begun, path);
  return plan;
}

/** New random passwords and secrets. */
export function planDemonstration(): Demonstration {
  const signIns = bureaus.flatMap((bureau) =>
    bureau.people.map((person) => ({
      login: person.login,
      password: newPassword(),
      name: person.name,
      roleName: roleLabels[person.role].zh,
      bureau: bureau.shortName,
    })),
  );
  return { signIns, standIns: makeStandIns() };
}

/** All in one transaction; does nothing when the bureaus are there already. */
export async function seedDemonstration(app: App, plan: Demonstration): Promise<void> {
  const hashes = new Map<string, string>();
  for (const one of plan.signIns) hashes.set(one.login, await hashPassword(one.password));
  await app.database.withWorker(async (tx) => {
    const existing = await tx.selectFrom('units').select('id').limit(1).executeTakeFirst();
    if (existing) return;
    const ids = new Map(bureaus.map((bureau) => [bureau.slug, newId()]));
    for (const bureau of bureaus) await seedBureau(app, tx, bureau, ids, hashes, plan);
  });
}

async function seedBureau(
  app: App,
  tx: Tx,
  bureau: SeedBureau,
  ids: ReadonlyMap<string, string>,
  hashes: ReadonlyMap<string, string>,
  plan: Demonstration,
): Promise<void> {
  const bureauId = ids.get(bureau.slug)!;
  const units = new Map<string, string>([['', bureauId]]);
  await tx
    .insertInto('units')
    .values({
      bureau_id: bureauId,
      id: bureauId,
      parent_id: null,
      kind: 'bureau',
      level: bureau.level,
      name: bureau.name,
      short_name: bureau.shortName,
      path: `/${bureauId}/`,
      superior_bureau_id: bureau.superior ? (ids.get(bureau.superior) ?? null) : null,
    })
    .execute();
  await tx
    .insertInto('bureau_settings')
    .values({ bureau_id: bureauId, slug: bureau.slug, policy: 'relaxed' })
    .execute();
  for (const unit of bureau.units) {
    const id = newId();
    units.set(unit.name, id);
    await tx
      .insertInto('units')
      .values({
        bureau_id: bureauId,
        id,
        parent_id: bureauId,
        kind: unit.kind,
        level: unit.kind === 'township' ? 'township' : 'none',
        name: unit.name,
        short_name: unit.name,
        fields: [...unit.fields],
        path: `/${bureauId}/${id}/`,
      })
      .execute();
  }
  const people = new Map<string, string>();
  for (const person of bureau.people)
    people.set(person.login, await seedPerson(tx, bureauId, person, units, hashes));
  await seedWorkingDays(tx, bureauId, [2025, 2026, 2027]);
  const actor = systemActor(bureauId);
  for (const input of standInInputs(bureau.slug, plan.standIns, app.config.publicUrl)) {
    await createAccountIn(app, tx, actor, { ...input, unitId: bureauId });
  }
  const editor = bureau.people.find((person) => person.role === 'editor');
  if (editor && bureau.withSample) {
    await beginSampleArticle(
      app,
      tx,
      { bureauId, unitId: bureauId, personId: people.get(editor.login)!, name: editor.name },
      sampleArticle,
      {
        bytes: await drawSamplePicture(),
        name: '退休一件事.jpg',
        alt: '办事大厅里，一位群众在一个窗口交材料',
      },
    );
  }
}

async function seedPerson(
  tx: Tx,
  bureauId: string,
  person: SeedPerson,
  units: ReadonlyMap<string, string>,
  hashes: ReadonlyMap<string, string>,
): Promise<string> {
  const id = newId();
  await tx
    .insertInto('people')
    .values({ id, login: person.login, name: person.name, password_hash: hashes.get(person.login)! })
    .execute();
  await tx
    .insertInto('memberships')
    .values({
      bureau_id: bureauId,
      id: newId(),
      person_id: id,
      unit_id: units.get(person.unit)!,
      role: person.role,
    })
    .execute();
  return id;
}
