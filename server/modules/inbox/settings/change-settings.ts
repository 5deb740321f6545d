import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import { findPeopleNames, listColleaguesOf, listUnitsOf } from '#server/modules/people/index.ts';
import type { InboxSettings } from '#shared/inbox-settings.ts';
import { loadSettings, saveSettings } from './store.ts';

/**
 * Replaces what the bureau set. Open cases keep their level: it stands in their log.
 * @throws {AppError} edit-conflict when somebody saved in between; input-invalid when a rule names a stranger
 */
export async function changeSettingsIn(
  app: App,
  tx: Tx,
  actor: Actor,
  given: { baseRevision: number; settings: InboxSettings },
): Promise<{ revision: number }> {
  const { bureauId, personId } = actor;
  await demandOurs(tx, bureauId, given.settings);
  const before = await loadSettings(tx, bureauId);
  const revision = await saveSettings(tx, bureauId, given.baseRevision, given.settings, personId);
  if (revision === null) throw new AppError('edit-conflict', { name: await nameOf(tx, personId) });
  const { levels, triageDays, warnAt, answerReview, rules, badWords, dutyWords, nobodys } = given.settings;
  const { knowledgeReviewMonths } = given.settings;
  await record(
    tx,
    actor,
    'inbox-settings.changed',
    { kind: 'inbox-settings', id: bureauId },
    {
      ...{ revision, levels, triageDays, warnAt, answerReview, knowledgeReviewMonths },
      ...{
        rules: rules.length,
        badWords: badWords.length,
        dutyWords: dutyWords.length,
        nobodys: nobodys.length,
      },
      before: { levels: before.settings.levels, rules: before.settings.rules.length },
    },
  );
  app.live.changed(tx, bureauId, 'cases');
  return { revision };
}

const nameOf = async (tx: Tx, personId: string) =>
  (await findPeopleNames(tx, [personId])).get(personId) ?? '';

async function demandOurs(tx: Tx, bureauId: string, settings: InboxSettings): Promise<void> {
  const units = new Set((await listUnitsOf(tx, bureauId)).map((unit) => unit.id));
  const people = new Set((await listColleaguesOf(tx, bureauId)).map((person) => person.id));
  for (const { name, give } of settings.rules) {
    if (give.unitId && !units.has(give.unitId)) {
      throw new AppError('input-invalid', { problem: `规则“${name}”里没有这个科室 / no such section` });
    }
    if (give.ownerId && !people.has(give.ownerId)) {
      throw new AppError('input-invalid', { problem: `规则“${name}”里没有这个人 / no such person` });
    }
  }
  const onDuty = [...settings.duty.weekdays, ...settings.duty.days.map((day) => day.personId)];
  if (onDuty.some((id) => id !== null && !people.has(id))) {
    throw new AppError('input-invalid', {
      problem: '值班表里有不是本单位的人 / the roster names a stranger',
    });
  }
}
