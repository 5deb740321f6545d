/** Which platforms take part: those of the registry that publish by API, have a stand-in and a recipe. */
import type { Connector } from '#connectors/contract.ts';
import { connectors } from '#connectors/registry.ts';
import { standIns } from '#sandbox/stand-ins.ts';
import { type Recipe, recipes } from './publish-recipes.ts';

export type BenchPlatform = { id: string; connector: Connector; recipe: Recipe };

/** @returns also the ids of those in the registry that cannot take part */
export function listBenchPlatforms(): { platforms: BenchPlatform[]; missing: string[] } {
  const remote = [...connectors.values()].filter((connector) => connector.publish.kind === 'remote');
  const found = remote.flatMap((connector) => {
    const recipe = recipes[connector.id];
    const standIn = standIns.find(({ id }) => id === connector.id);
    return recipe && standIn ? [{ id: connector.id, connector, recipe }] : [];
  });
  const ids = new Set(found.map(({ id }) => id));
  return { platforms: found, missing: remote.filter(({ id }) => !ids.has(id)).map(({ id }) => id) };
}
