import { readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { describe, expect, test } from 'vitest';
import { findCycles } from './support/cycles.ts';
import { clean, judge } from './support/exceptions.ts';
import { layerOf, moduleOrder, refuseImport } from './support/layers.ts';
import { listFiles, loadSources, root, sourceRoots } from './support/tree.ts';

const sources = loadSources();
const product = sources.filter((source) => !source.test);

/** `from -> to`, each with the reason. */
const exceptions = {
  'server/base/app.ts -> server/config.ts':
    'only the type: settings are read once and handed down inside `App`',
  'server/base/keys.ts -> server/config.ts': 'only the type: the master key is one of the settings',
};

/** Only the type crosses; it must stay so. */
const typeOnly = Object.keys(exceptions);

describe('who may import whom', () => {
  test.each([
    ['shared/inbox.ts', 'shared/lang.ts', true],
    ['shared/inbox.ts', 'server/base/clock.ts', false],
    ['server/base/jobs.ts', 'shared/errors.ts', true],
    ['server/base/jobs.ts', 'server/modules/people/index.ts', false],
    ['connectors/contract.ts', 'shared/package.ts', true],
    ['connectors/contract.ts', 'server/base/egress.ts', false],
    ['connectors/weibo/client.ts', 'connectors/contract.ts', true],
    ['connectors/weibo/client.ts', 'connectors/weibo/codes.ts', true],
    ['connectors/weibo/client.ts', 'connectors/site/connector.ts', false],
    ['connectors/weibo/client.ts', 'connectors/registry.ts', false],
    ['server/modules/inbox/routes.ts', 'server/modules/people/index.ts', true],
    ['server/modules/inbox/routes.ts', 'server/modules/people/store.ts', false],
    ['server/modules/inbox/routes.ts', 'server/modules/inbox/cases/store.ts', true],
    ['server/modules/people/routes.ts', 'server/modules/audit/index.ts', true],
    ['server/modules/people/routes.ts', 'server/modules/inbox/index.ts', false],
    ['server/modules/audit/store.ts', 'server/modules/people/index.ts', false],
    ['server/modules/content/freeze.ts', 'connectors/registry.ts', true],
    ['server/modules/content/freeze.ts', 'connectors/weibo/connector.ts', false],
    ['server/modules/content/freeze.ts', 'server/modules.ts', false],
    ['site/site.ts', 'server/modules/publishing/index.ts', true],
    ['site/site.ts', 'server/modules/publishing/store.ts', false],
    ['site/site.ts', 'staff/lib/time.ts', false],
    ['staff/app/main.tsx', 'shared/people.ts', true],
    ['staff/app/main.tsx', 'server/config.ts', false],
    ['sandbox/start.ts', 'shared/lang.ts', false],
    ['server/web.ts', 'site/site.ts', true],
    ['server/cli/main.ts', 'server/modules/people/index.ts', true],
    ['server/web.ts', 'sandbox/start.ts', false],
    ['tests/support/build-app.ts', 'sandbox/start.ts', true],
  ])('%s → %s: %s', (from, to, allowed) => {
    expect(refuseImport(from, to) === null).toBe(allowed);
  });

  test('every import of the product goes in the allowed direction, and across modules through index.ts', () => {
    const breaches = product.flatMap((source) =>
      source.imports.flatMap((one) => {
        const why = one.path === null ? null : refuseImport(source.path, one.path);
        const key = `${source.path} -> ${one.path}`;
        return why ? [{ key, line: `${key}: ${why}` }] : [];
      }),
    );
    expect(judge(breaches, exceptions)).toEqual(clean);
  });

  test('what crosses by exception crosses as a type', () => {
    const values = product.flatMap((source) =>
      source.imports
        .filter((one) => !one.typeOnly && typeOnly.includes(`${source.path} -> ${one.path}`))
        .map((one) => `${source.path} -> ${one.path}`),
    );
    expect(values).toEqual([]);
  });

  test('the product never imports a test or what only tests use', () => {
    const tests = new Set(sources.filter((source) => source.test).map((source) => source.path));
    // A bench is a rig beside the product: it may use what tests use.
    const shipped = product.filter((source) => !source.path.startsWith('bench/'));
    const found = shipped.flatMap((source) =>
      source.imports
        .filter((one) => one.path && tests.has(one.path))
        .map((one) => `${source.path} -> ${one.path}`),
    );
    expect(found).toEqual([]);
  });

  test('shared and the staff app use nothing of Node, and shared no package but zod', () => {
    const found = product.flatMap((source) => {
      const { kind } = layerOf(source.path);
      const strange = (specifier: string) =>
        kind === 'shared' ? specifier !== 'zod' : kind === 'staff' && isBuiltin(specifier);
      return source.imports
        .filter((one) => one.path === null && strange(one.specifier))
        .map((one) => `${source.path} -> ${one.specifier}`);
    });
    expect(found).toEqual([]);
  });
});

describe('the map itself', () => {
  test('no file imports itself by way of others at run time', () => {
    expect(findCycles(sources)).toEqual([]);
  });

  test('a cycle is found, and one of types alone is none', () => {
    const file = (path: string, to: string, typeOnly = false) => ({
      path,
      imports: [{ path: to, typeOnly }],
    });
    expect(findCycles([file('a', 'b'), file('b', 'c'), file('c', 'b')])).toEqual(['b → c → b']);
    expect(findCycles([file('a', 'b'), file('b', 'a', true)])).toEqual([]);
  });

  test('every module has its place in the order and an index.ts', () => {
    const modules = readdirSync(`${root}server/modules`);
    expect(modules.filter((name) => !(moduleOrder as readonly string[]).includes(name))).toEqual([]);
    expect(
      modules.filter(
        (name) => !listFiles(`server/modules/${name}`).some((path) => path.endsWith(`/${name}/index.ts`)),
      ),
    ).toEqual([]);
  });

  test('every root folder with code is one these rules read', () => {
    const folders = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .filter((name) => !['node_modules', 'dist', 'data', 'docs'].includes(name));
    expect(folders.filter((name) => !(sourceRoots as readonly string[]).includes(name))).toEqual([]);
    expect(product.length).toBeGreaterThan(200);
  });
});
