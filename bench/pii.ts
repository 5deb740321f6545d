/**
 * Personal data found in texts with marked spans: type, beginning and end must all be right. `--file` takes JSON lines
 * `{text, entities: [{type, start, end}]}`; without it invented ones are made. Kinds that only we know (an account of a chat,
 * a birth date) are not judged in a file that never marks them.
 */
import { maskPersonalData } from '#server/base/text/personal-data.ts';
import { type BenchOptions, type BenchResult, round } from './support/bench.ts';
import { readRows } from './support/json-lines.ts';
import { makePiiSamples, type PiiSample } from './support/pii-samples.ts';

const oursAlone = new Set(['SOCIAL_SECURITY', 'CHAT_ID', 'QQ', 'BIRTH_DATE']);

export async function run({ arguments: given, say }: BenchOptions): Promise<BenchResult> {
  const file = given.get('file');
  const samples = file ? await readRows<PiiSample>(file) : makePiiSamples(5_000, 11);
  const marked = new Set(samples.flatMap(({ entities }) => entities.map(({ type }) => type)));
  const began = performance.now();
  let [right, found, wanted, units] = [0, 0, 0, 0];
  const missed = new Map<string, number>();
  for (const { text, entities } of samples) {
    const spans = maskPersonalData(text).spans.filter(({ type }) => marked.has(type) || !oursAlone.has(type));
    const keys = new Set(spans.map(({ type, start, end }) => `${type} ${start} ${end}`));
    found += spans.length;
    wanted += entities.length;
    units += text.length;
    for (const { type, start, end } of entities) {
      if (keys.has(`${type} ${start} ${end}`)) right += 1;
      else missed.set(type, (missed.get(type) ?? 0) + 1);
    }
  }
  const seconds = (performance.now() - began) / 1000;
  say(`漏 / missed: ${JSON.stringify(Object.fromEntries(missed))}; ${samples.length} texts`);
  return {
    name: 'pii',
    ratio: null,
    figures: {
      recall: round(wanted === 0 ? 1 : right / wanted, 4),
      precision: round(found === 0 ? 1 : right / found, 4),
      spans: wanted,
      mb_per_s: round((units * 3) / 1e6 / seconds, 2),
      worst_ms_per_10k: round(Math.max(...hostile.map(timeOf)), 1),
    },
    limits: { recall: { atLeast: 0.99 }, precision: { atLeast: 0.98 }, worst_ms_per_10k: { atMost: 500 } },
  };
}

/** What a pattern may be tried on in very many ways: places in places, surnames, numbers without an end. */
const hostile = [
  '路',
  '村一',
  '县镇村',
  '东道路街道街道院市市市街市区市新区一镇镇镇',
  '王',
  '公司王',
  '王芳',
  '买买·提提',
  '1-1-',
  '寄到村',
  '姓名：',
  '1号',
  '一',
  '、王王',
  '第一单元',
  '楼东户',
  '姓名,电话\n',
  '姓名|"',
  '邮编410000、',
];

function timeOf(piece: string): number {
  const text = piece.repeat(Math.ceil(10_000 / piece.length));
  const began = performance.now();
  maskPersonalData(text);
  return performance.now() - began;
}
