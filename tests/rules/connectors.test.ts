import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { connectors } from '#connectors/registry.ts';
import { listFiles, readText, root } from './support/tree.ts';

const folders = readdirSync(`${root}connectors`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe('every connector', () => {
  test('folder is registered', () => {
    // `robots/` holds group robots, which carry notices and are no platforms: their list is `robots.ts`.
    const registry = readText('connectors/registry.ts') + readText('connectors/robots.ts');
    expect(folders.length).toBeGreaterThan(2);
    expect(folders.filter((folder) => !registry.includes(`/${folder}/`))).toEqual([]);
  });

  test('is run by the common suite', () => {
    const suite = readText('connectors/suite.test.ts');
    // The suite walks the registry itself; those that call a platform need a stage there, or a suite of their own.
    expect(suite).toMatch(/for \(const \w+ of connectors\.values\(\)\)/);
    const remote = [...connectors.values()].filter((connector) => connector.publish.kind === 'remote');
    expect(remote.length).toBeGreaterThan(1);
    const hasStage = (id: string) => new RegExp(`^ {2}'?${id}'?:`, 'm').test(suite);
    const hasOwnSuite = (id: string) =>
      listFiles(`connectors/${id}`).includes(`connectors/${id}/suite.test.ts`) &&
      readText(`connectors/${id}/suite.test.ts`).includes('describeConnector(');
    expect(remote.map(({ id }) => id).filter((id) => !hasStage(id) && !hasOwnSuite(id))).toEqual([]);
  });

  test('states the facts it rests on in a README, with sources and what was never tried', () => {
    for (const folder of folders) {
      expect(listFiles(`connectors/${folder}`), folder).toContain(`connectors/${folder}/README.md`);
      expect(readText(`connectors/${folder}/README.md`).length, folder).toBeGreaterThan(100);
    }
  });

  test('has tests of its own', () => {
    expect(
      folders.filter(
        (folder) => !listFiles(`connectors/${folder}`).some((path) => path.endsWith('.test.ts')),
      ),
    ).toEqual([]);
  });

  test('is registered under its own id, in kebab-case', () => {
    for (const [id, connector] of connectors) {
      expect(connector.id).toBe(id);
      expect(id).toMatch(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
    }
  });
});
