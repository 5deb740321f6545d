/** An invented town: three affairs that many bring up in their own words, among as many single matters as wanted. */

import type { IssueMessage } from '#server/base/text/hot-issues.ts';
import { seeded } from '#server/base/text/learn/seeded.ts';

const affairs = [
  {
    count: 30,
    titles: [
      '翠湖小区旁的搅拌站夜里噪音太大',
      '翠湖小区附近搅拌站灰尘污染',
      '请管管翠湖小区边上的搅拌站',
      '搅拌站扰民，翠湖小区业主睡不着',
    ],
    texts: [
      '搅拌站每天夜里施工，噪音很大，灰尘满天，居民不敢开窗。',
      '大车进进出出，粉尘和噪音严重污染环境，居民无法休息。',
      '搅拌站没有手续就生产，噪音灰尘扰民，请环保部门查处。',
    ],
  },
  {
    count: 20,
    titles: ['锦绣苑买房捆绑销售车位', '锦绣苑开发商强制捆绑车位', '投诉锦绣苑车位捆绑销售'],
    texts: [
      '买房必须买车位，不买就不签合同，属于捆绑销售。',
      '开发商强制购买车位十二万，捆绑销售违法。',
      '车位和房子捆绑，业主没有选择，请房管部门处理。',
    ],
  },
  {
    count: 12,
    titles: ['宏达公司拖欠农民工工资', '工地工资半年没发，宏达公司不管', '求助：宏达公司欠薪'],
    texts: [
      '宏达公司拖欠我们二十多个农民工工资半年，多次讨要没有结果。',
      '工资一直拖欠，老板不接电话，请劳动监察帮忙讨薪。',
    ],
  },
] as const;

const places = [
  '东街',
  '西街',
  '南门路',
  '北门路',
  '桥头村',
  '柳林村',
  '文昌路',
  '府前街',
  '高家庄',
  '石板巷',
];
const matters = [
  '路灯不亮',
  '下水道堵塞',
  '公交车晚点',
  '井盖丢失',
  '树枝挡住信号灯',
  '公厕没有水',
  '停车位太少',
  '自来水压力低',
  '垃圾桶太少',
  '红绿灯时间太短',
];

export function inventComplaints(count: number): IssueMessage[] {
  const random = seeded(5);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const message = (id: string, title: string, text: string, likes: number): IssueMessage => ({
    ...{ id, title, text, likes, dislikes: 0, person: `citizen ${id}` },
    at: new Date(Date.UTC(2024, 0, 1 + Math.floor(random() * 300))),
  });
  const many = affairs.flatMap(({ count: size, titles, texts }, affair) =>
    Array.from({ length: size }, (_, at) => message(`${affair}-${at}`, pick(titles), pick(texts), at % 3)),
  );
  const singles = Array.from({ length: Math.max(0, count - many.length) }, (_, at) => {
    const [place, matter] = [pick(places), pick(matters)];
    return message(
      `single-${at}`,
      `${place}${100 + at}号门口${matter}`,
      `第${at}次反映，${matter}，请尽快维修。`,
      0,
    );
  });
  return [...many, ...singles];
}
