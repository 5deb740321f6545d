import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findHotIssues, heatOf, type IssueMessage } from './hot-issues.ts';

let next = 0;
const message = (title: string, text: string, more: Partial<IssueMessage> = {}): IssueMessage => {
  next += 1;
  return {
    id: `m${next}`,
    person: `p${next}`,
    title,
    text,
    at: new Date('2024-05-01'),
    likes: 0,
    dislikes: 0,
    ...more,
  };
};

const mixer = [
  message('翠湖小区旁的搅拌站夜里噪音太大', '搅拌站每天夜里施工，噪音很大，灰尘满天，居民不敢开窗。'),
  message('翠湖小区附近搅拌站灰尘污染', '大车进进出出，粉尘和噪音严重污染环境，居民无法休息。', {
    at: new Date('2024-06-20'),
  }),
  message('请管管翠湖小区边上的搅拌站', '搅拌站没有手续就生产，噪音灰尘扰民，请环保部门查处。', {
    likes: 30,
  }),
  message('搅拌站扰民，翠湖小区业主睡不着', '搅拌站夜里噪音很大，灰尘污染环境，居民睡不着。'),
];
const parking = [
  message('锦绣苑买房捆绑销售车位', '买房必须买车位，不买就不签合同，属于捆绑销售。'),
  message('投诉锦绣苑车位捆绑销售', '开发商强制购买车位十二万，捆绑销售违法。'),
];
const samePlace = [
  message('翠湖小区门口公交车太少', '等车要四十分钟，希望增加班次方便老人出行。'),
  message('翠湖小区什么时候通天然气', '管道已经装好两年了，一直没有开通点火。'),
];
// A town's usual single matters: among a handful of messages nothing can be told from how often a word is said.
const places = [
  '东街',
  '西街',
  '南门路',
  '桥头村',
  '柳林村',
  '文昌路',
  '府前街',
  '高家庄',
  '石板巷',
  '公园路',
];
const troubles = [
  '路灯不亮',
  '下水道堵塞',
  '公交车晚点',
  '噪音太大',
  '环境卫生差',
  '开发商延期交房',
  '天然气没有开通',
  '垃圾没人清运',
  '施工到半夜',
  '车位太少',
];
const others = places.flatMap((place) =>
  troubles.map((trouble, at) =>
    message(`${place}${at + 3}号${trouble}`, `${place}这里${trouble}已经${at + 2}个月，请派人看看。`),
  ),
);
const all = [...mixer, ...parking, ...samePlace, ...others];

describe('hot issues', () => {
  const issues = findHotIssues(all);
  const holds = (one: IssueMessage) => issues.find(({ ids }) => ids.includes(one.id));

  test('gather one issue in different words', () => {
    const found = holds(mixer[0]!)!;
    expect(new Set(found.ids)).toEqual(new Set(mixer.map(({ id }) => id)));
    expect(found).toMatchObject({
      people: 4,
      likes: 30,
      first: new Date('2024-05-01'),
      last: new Date('2024-06-20'),
    });
    expect(found.sentences.length).toBeGreaterThan(1);
    expect(holds(parking[0]!)).toBe(holds(parking[1]!));
  });

  test('come the hottest first', () => {
    const heats = issues.map(({ heat }) => heat);
    expect(heats).toEqual(heats.toSorted((a, b) => b - a));
  });

  test('are not made of messages that share a place only', () => {
    expect(holds(samePlace[0]!)).not.toBe(holds(mixer[0]!) ?? null);
    expect(issues.some(({ ids }) => samePlace.every(({ id }) => ids.includes(id)))).toBe(false);
  });

  test('hold every message at most once, and only given ones', () => {
    const words = fc.constantFrom('翠湖小区', '噪音', '搅拌站', '工资', '拖欠', '路灯', '不亮', '。', 'x');
    const text = fc.array(words, { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 25 }), (pairs) => {
        const given = pairs.map(([title, body]) => message(title, body));
        const found = findHotIssues(given, 100);
        const ids = found.flatMap((issue) => issue.ids);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.every((id) => given.some((one) => one.id === id))).toBe(true);
        for (const issue of found) expect(issue.ids.length).toBeGreaterThan(1);
      }),
      { numRuns: 60 },
    );
  });

  test('of nothing are none', () => {
    expect(findHotIssues([])).toEqual([]);
  });
});

describe('the same trouble at many places', () => {
  const streets = ['梅林路', '松溪街', '柏阳村', '竹青巷', '云林社区'];
  const given = [
    ...all,
    ...streets.flatMap((street) => [
      message(`${street}有人开设麻将馆扰民`, `${street}楼下开设麻将馆，深夜打牌吵闹扰民，请派出所查处。`),
      message(`投诉${street}麻将馆深夜扰民`, `在${street}开设的麻将馆深夜吵闹，打牌扰民，请查处。`),
    ]),
  ];

  test('is an issue of each place', () => {
    const found = findHotIssues(given, 100).filter(({ title }) => title.includes('麻将馆'));
    expect(found.map(({ ids }) => ids.length)).toEqual([2, 2, 2, 2, 2]);
  });
});

describe('a message that many agreed with', () => {
  const petition = message('请公布学区划分办法', '希望尽快公布今年的学区划分办法。', { likes: 1_800 });

  test('is an issue by itself', () => {
    expect(findHotIssues([...all, petition])[0]!.ids).toEqual([petition.id]);
  });

  test('is none when as many disagreed', () => {
    const found = findHotIssues([...all, { ...petition, dislikes: 1_750 }], 100);
    expect(found.some(({ ids }) => ids.includes(petition.id))).toBe(false);
  });
});

describe('heat', () => {
  test('counts people before repetitions, and likes less dislikes by their root', () => {
    const alone = heatOf({ people: 1, messages: 20, reactions: 0 });
    expect(heatOf({ people: 5, messages: 5, reactions: 0 })).toBeGreaterThan(alone);
    expect(heatOf({ people: 5, messages: 5, reactions: 900 })).toBe(15);
    expect(heatOf({ people: 5, messages: 5, reactions: -40 })).toBe(5);
  });

  test('is that of the fullest ninety days', () => {
    const days = ['2024-01-01', '2024-05-01', '2024-06-20', '2024-12-01'];
    const spread = mixer.map((one, at) => ({ ...one, likes: 0, at: new Date(days[at]!) }));
    const issue = findHotIssues([...spread, ...samePlace, ...others]).find(({ ids }) =>
      ids.includes(spread[0]!.id),
    );
    expect(issue).toMatchObject({ people: 4, heat: 2 });
  });
});
