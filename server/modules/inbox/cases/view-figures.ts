import type { z } from 'zod';
import { fromWallTime, wallDate } from '#server/base/clock.ts';
import { clockOf, type Tx } from '#server/base/database.ts';
import { listUnitsOf } from '#server/modules/people/index.ts';
import type { getCaseFigures } from '#shared/case-figures.ts';
import { countBySection } from './read-store.ts';

const dayMs = 86_400_000;

export async function viewFigures(
  tx: Tx,
  bureauId: string,
): Promise<z.input<(typeof getCaseFigures)['reply']>> {
  const dayStart = fromWallTime(`${wallDate(await clockOf(tx))} 00:00`);
  const counted = await countBySection(tx, bureauId, new Date(dayStart.getTime() + dayMs));
  const names = new Map((await listUnitsOf(tx, bureauId)).map(({ id, name }) => [id, name]));
  const sum = (key: 'open' | 'overdue' | 'today') => counted.reduce((total, row) => total + row[key], 0);
  return {
    ...{ open: sum('open'), overdue: sum('overdue'), today: sum('today') },
    sections: counted.map(({ unit_id: unitId, open, overdue, today }) => ({
      ...{ unitId, unitName: unitId && (names.get(unitId) ?? null) },
      ...{ open, overdue, today },
    })),
  };
}
