/**
 * Names of places and groups in many messages: what stands before 小区, 路, 镇, 公司, 学校 … The suffix says that there is
 * a name, the other messages say where it begins: a name is said again and again, what stands before it changes.
 */

const suffixes = [
  ...[
    '有限公司',
    '分公司',
    '公司',
    '集团',
    '小区',
    '社区',
    '花园',
    '家园',
    '公寓',
    '公馆',
    '新城',
    '广场',
    '大厦',
    '国际',
    '工业园',
    '产业园',
    '开发区',
    '安置区',
  ],
  ...[
    '街道',
    '大道',
    '小学',
    '中学',
    '大学',
    '学院',
    '学校',
    '幼儿园',
    '医院',
    '派出所',
    '市场',
    '车站',
    '高速',
    // 路灯, 路面, 城市, 城管 are things, no names.
    '路(?![灯面过程由况费障])',
    '街',
    '巷',
    '镇',
    '乡',
    '村',
    '苑',
    '城(?![市管建镇乡])',
    '湾',
    '府',
    '园',
    '站',
    '桥',
    '湖',
    '山',
    '厂',
    '里',
    '郡',
    '墅',
    '都',
  ],
];
const suffix = new RegExp(suffixes.join('|'), 'g');
/** Before these a name begins. A region (市, 区, 县) is no name: half of all messages say it. */
const border =
  /[^一-龥0-9]|[的在是位于到对把被请问望求我们你您他和与及或就有了因为从关省市区县这那该某各个每此条至往向由给让住投诉举报反映咨询建议强烈关注]/;
const longestName = 7;
const regions = /(?:[a-z][0-9]{0,2}|[一-龥]{2,3})(?:省|市|区|县)/g;

export type NameBook = {
  /** Names in a folded text with their places, longest first where several end at one suffix. */
  find(folded: string): { name: string; start: number; end: number }[];
};

/** @param texts folded; a name must stand in at least two of them */
export function buildNameBook(texts: readonly string[]): NameBook {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const own = new Set<string>();
    for (const candidate of candidates(text)) own.add(candidate.name);
    for (const name of own) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return { find: (folded) => chooseNames(folded, counts) };
}

type Found = { name: string; start: number; end: number };

function* candidates(text: string): Generator<Found> {
  for (const { 0: tail, index } of text.matchAll(suffix)) {
    const end = index + tail.length;
    for (let length = 1; length <= longestName && index - length >= 0; length += 1) {
      if (border.test(text[index - length]!)) break;
      // "投资有限公司" names nobody.
      const least = tail.endsWith('公司') ? 4 : tail.length > 1 ? 1 : 2;
      if (length >= least) yield { name: text.slice(index - length, end), start: index - length, end };
    }
  }
}

function chooseNames(text: string, counts: ReadonlyMap<string, number>): Found[] {
  const byEnd = new Map<number, Found>();
  for (const candidate of candidates(text)) {
    const count = counts.get(candidate.name) ?? 0;
    if (count < 2) continue;
    const kept = byEnd.get(candidate.end);
    // One more character belongs to the name when most who say the shorter one say it too.
    if (!kept || count >= 0.5 * (counts.get(kept.name) ?? 0)) byEnd.set(candidate.end, candidate);
  }
  const found = [...byEnd.values()].sort((a, b) => a.start - b.start || b.end - a.end);
  return found.filter((one, at) => !found.some((other, place) => place !== at && contains(other, one)));
}

const contains = (outer: Found, inner: Found) =>
  outer.start <= inner.start && outer.end >= inner.end && outer.end - outer.start > inner.end - inner.start;

/** The text without its names and regions: what is said, not where. Cuts are kept as line breaks. */
export function withoutNames(folded: string, book: NameBook): string {
  let rest = '';
  let from = 0;
  for (const { start, end } of book.find(folded)) {
    if (start < from) continue;
    rest += `${folded.slice(from, start)}\n`;
    from = end;
  }
  return (rest + folded.slice(from)).replaceAll(regions, '\n');
}
