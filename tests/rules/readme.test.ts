import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listFiles, readText, root, sourceRoots } from './support/tree.ts';

const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };
const readmes = ['README.md', 'README.zh-CN.md'];
/** npm's own words that are no script. */
const ofNpm = ['ci', 'install', 'config'];

/** What a reader is told to type: the lines of fenced blocks, and inline code. */
function readCommands(text: string): string[] {
  const fenced = [...text.matchAll(/^```(?:\w+)?\n([\s\S]*?)^```/gm)].flatMap((match) =>
    match[1]!.split('\n'),
  );
  const inline = [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!);
  return [...fenced, ...inline]
    .map((line) => line.replace(/^\$ |(?<=\s)#.*$|^(?:[A-Z_]+=\S+ )+/g, '').trim())
    .filter((line) => /^(?:npm|npx|node)\b/.test(line));
}

describe('what the documents tell people to type', () => {
  test('the tests that CI runs are the README’s', () => {
    const ci = readText('.ci/run')
      .split('\n')
      .filter((line) => /^(?:npm|npx|node)\b/.test(line));
    expect(ci).toEqual(['npm test', 'npm run test:servers']);
    for (const readme of readmes)
      expect(readCommands(readText(readme)), readme).toEqual(expect.arrayContaining(ci));
  });

  test('starting takes one command', () => {
    for (const readme of readmes) expect(readCommands(readText(readme)), readme).toContain('npm start');
  });

  test.each([...readmes, 'CONTRIBUTING.md'])('every script that %s names exists', (document) => {
    const named = readCommands(readText(document)).flatMap((line) => {
      const match = /^npm (?:run )?([\w:-]+)/.exec(line);
      return match && !ofNpm.includes(match[1]!) ? [match[1]!] : [];
    });
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('every file of ours that a document names exists', () => {
    const documents = [...readmes, 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', ...listFiles('docs')];
    const named = documents
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) =>
        [
          ...readText(path).matchAll(
            /`((?:\w+\/)[\w./-]+\.(?:ts|tsx|mjs|js|sql|json|md))`|\]\(((?!https?:)[^)#\s]+)/g,
          ),
        ].map(([, code, link]) => ({
          path,
          to: code ?? posix.join(posix.dirname(path), link!),
          link: link !== undefined,
        })),
      )
      .filter(({ to, link }) => link || (sourceRoots as readonly string[]).includes(to.split('/')[0]!));
    expect(named.length).toBeGreaterThan(20);
    expect(
      named.filter(({ to }) => !existsSync(`${root}${to}`)).map(({ path, to }) => `${path} → ${to}`),
    ).toEqual([]);
  });

  test('what is installed on the way needs no other step', () => {
    for (const name of ['start', 'test', 'test:servers', 'check', 'build', 'bench', 'dev'])
      expect(scripts[`pre${name}`], name).toBe('node tools/setup.mjs');
  });
});

test('commands are read from blocks and from lines', () => {
  expect(readCommands('Run `npm test` or\n```sh\n$ npm start\ncd x\n```\n`data/`')).toEqual([
    'npm start',
    'npm test',
  ]);
});
