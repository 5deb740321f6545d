import { exitCodes, parse, type Run, refuseWords } from './command.ts';
import { checkDatabase } from './doctor-database.ts';
import { checkMachine } from './doctor-machine.ts';
import type { Finding, Level } from './finding.ts';

const marks = { ok: '✓', warn: '!', fail: '✗' } as const satisfies Record<Level, string>;

export const run: Run = async (args, { config, print }) => {
  const { values, positionals } = parse(args, { json: { type: 'boolean', default: false } });
  refuseWords(positionals);
  const findings = [...(await checkMachine(config)), ...(await checkDatabase(config))];
  if (values.json) print(JSON.stringify({ findings }));
  else for (const finding of findings) print(describe(finding));
  return findings.some((finding) => finding.level === 'fail') ? exitCodes.failed : exitCodes.ok;
};

function describe({ level, text, todo }: Finding): string {
  const line = `${marks[level]} ${text.zh} / ${text.en}`;
  return todo ? `${line}\n    → ${todo.zh}\n    → ${todo.en}` : line;
}
