import { listFiles, root } from './tree.ts';

export type SharedExport = { file: string; name: string; value: unknown };

/** Everything that `shared/*.ts` exports at run time. */
export async function listSharedExports(): Promise<SharedExport[]> {
  const files = listFiles('shared').filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'));
  const loaded = await Promise.all(
    files.map(async (file) => ({ file, names: (await import(`${root}${file}`)) as Record<string, unknown> })),
  );
  return loaded.flatMap(({ file, names }) =>
    Object.entries(names).map(([name, value]) => ({ file, name, value })),
  );
}
