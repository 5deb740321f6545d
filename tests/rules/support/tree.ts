/** The files of the product, read once a test file. Paths are relative to the root and use `/`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Import, maskSource, readImports } from './scan.ts';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Every folder that holds our own files; a new root folder is added here or `a root folder is known` fails. */
export const sourceRoots = [
  ...['connectors', 'sandbox', 'server', 'shared', 'site', 'staff'],
  ...['bench', 'tests', 'tools'],
] as const;

export const readText = (path: string): string => readFileSync(join(root, path), 'utf8');

export function listFiles(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/'))
    .filter((path) => !/(^|\/)(node_modules|dist|output)\//.test(path))
    .toSorted();
}

export type Source = {
  path: string;
  text: string;
  code: string;
  bare: string;
  imports: (Import & { path: string | null })[];
  /** Tests and what only tests use. */
  test: boolean;
};

const readable = /\.(ts|tsx|mjs|js)$/;

export function loadSources(folders: readonly string[] = sourceRoots): Source[] {
  return folders
    .flatMap(listFiles)
    .filter((path) => readable.test(path))
    .map((path) => {
      const text = readText(path);
      const masked = maskSource(text);
      const imports = readImports(text, masked).map((one) => ({
        ...one,
        path: resolveImport(path, one.specifier),
      }));
      return { path, text, ...masked, imports, test: isTest(path) };
    });
}

/** The connectors' common suite is tests too, though each connector's own test calls it. */
export const isTest = (path: string): boolean =>
  /\.test\.tsx?$/.test(path) ||
  /(^|[/-])test-[\w-]+\.ts$/.test(path) ||
  path.startsWith('tests/') ||
  /^connectors\/suite(?:-\w+)?\.ts$/.test(path);

const aliases = new Set(['server', 'shared', 'connectors', 'sandbox', 'site', 'tests', 'bench']);

/** The file of ours that an import names; null for a package or a part of Node. */
export function resolveImport(from: string, specifier: string): string | null {
  const alias = /^#([a-z]+)\/(.+)$/.exec(specifier);
  if (alias) return aliases.has(alias[1]!) ? `${alias[1]}/${alias[2]}` : specifier;
  return specifier.startsWith('.') ? posix.join(dirname(from), specifier) : null;
}

/** For messages: one line a breach, so that the failure of a rule is a list of places to mend. */
export const place = (path: string, line: number, text: string): string => `${path}:${line}  ${text}`;

const binary = /\.(?:png|jpe?g|gif|webp|ico|woff2?|ttf|otf|zip|gz|br|docx|xlsx|pdf|mp[34])$/i;

/** Every text file that goes into the repository: sources, documents, settings, those at the root. */
export function listTextFiles(): string[] {
  const atRoot = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    // `.git` is a file where the checkout is a second working tree.
    .filter((name) => name !== '.env' && name !== '.git' && !name.endsWith('.log'));
  return [...atRoot, ...[...sourceRoots, 'docs', '.ci'].flatMap(listFiles)].filter(
    (path) => !binary.test(path),
  );
}
