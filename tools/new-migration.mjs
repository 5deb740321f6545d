// `node tools/new-migration.mjs <what-it-does>` begins the next migration with the number that is free.
import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'server', 'migrations');
const [words, ...more] = process.argv.slice(2);

if (!words || more.length > 0 || !/^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$/.test(words)) {
  console.error(
    '用法：node tools/new-migration.mjs 名称；名称用小写字母、数字和连字符，如 case-tags。\n' +
      'usage: node tools/new-migration.mjs name; lower-case letters, digits and hyphens, as case-tags.',
  );
  process.exit(64);
}

const numbers = readdirSync(folder).map((name) => Number(/^(\d{4})_.+\.sql$/.exec(name)?.[1] ?? 0));
const number = String(Math.max(0, ...numbers) + 1).padStart(4, '0');
const path = join(folder, `${number}_${words.replaceAll('-', '_')}.sql`);

// 'wx': two people at once must not get the same file; the rule tests refuse the same number.
writeFileSync(
  path,
  `-- Say here what this adds, and why.
--
-- A growing table: bureau_id first in its primary key and in its references, then \`call secure_table('…');\`.
-- Give it an owner in tests/rules/support/table-owners.ts and run \`npm run generate\` afterwards.
`,
  { flag: 'wx' },
);
console.log(path);
