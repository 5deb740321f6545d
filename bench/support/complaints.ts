/**
 * An invented town: three affairs that many bring up in their own words, one or two in a hundred each, among single matters.
 */

import type { IssueMessage } from '#server/base/text/hot-issues.ts';
import { seeded } from '#server/base/text/learn/seeded.ts';

const affairs = [
  {
    share: 0.018,
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
    share: 0.015,
    titles: ['锦绣苑买房捆绑销售车位', '锦绣苑开发商强制捆绑车位', '投诉锦绣苑车位捆绑销售'],
    texts: [
      '买房必须买车位，不买就不签合同，属于捆绑销售。',
      '开发商强制购买车位十二万，捆绑销售违法。',
      '车位和房子捆绑，业主没有选择，请房管部门处理。',
    ],
  },
  {
    share: 0.012,
    titles: ['宏达公司拖欠农民工工资', '工地工资半年没发，宏达公司不管', '求助：宏达公司欠薪'],
    texts: [
      '宏达公司拖欠我们二十多个农民工工资半年，多次讨要没有结果。',
      '工资一直拖欠，老板不接电话，请劳动监察帮忙讨薪。',
    ],
  },
] as const;

/**
 * What a single matter is put together from. No two need to be alike, or they would be an affair: what is wrong, of what, what
 * it does and what is wished are drawn apart, and so is the name of the place.
 */
const names = {
  first: [...'东西南北高低新老大小青白红黑金石木水火云龙凤虎马牛羊花柳松竹梅兰桂杏桃李'],
  last: [...'岭坡坝沟塘堰井泉潭湾滩洲岛台坊营寨堡关口渡桥亭阁庙观庵塔窑坪坑洼涧溪'],
  kind: ['村', '街', '巷', '路', '社区', '小学', '市场', '车站'],
};
const things = [
  ...['路灯', '下水道', '公交车', '井盖', '行道树', '公厕', '停车位', '自来水', '垃圾桶', '红绿灯', '电线'],
  ...['健身器材', '围墙', '护栏', '宽带', '燃气', '快递柜', '电梯', '广告牌', '养老金', '社保卡', '医保账户'],
  ...['培训补贴', '招聘信息', '退休手续', '劳动合同', '工伤认定', '职称申报', '失业金', '档案', '公积金'],
];
const troubles = [
  ...['坏了没人修', '一直不来', '数目不对', '查不到', '被占用了', '漏水', '声音太响', '太少', '收费不明'],
  ...['办不下来', '还没到账', '名字写错', '系统提示出错', '窗口说不清楚', '等了三个月', '材料退回两次'],
  ...['停用了', '歪了', '换了地方', '电话打不通', '没有说明', '过期了', '重复扣款', '看不清'],
];
const effects = [
  ...['老人出门不方便', '孩子上学绕远', '影响做生意', '家里等着用钱', '晚上看不见', '邻居也有意见'],
  ...['下雨就积水', '跑了四趟', '请假去办的', '外地回来不容易', '已经影响贷款', '差点摔倒', '心里没底'],
  ...['耽误报名', '村里人都问', '年底要用', '单位催得急', '不知道找谁'],
];
const wishes = [
  ...['请尽快处理', '希望给个说法', '能不能告诉我怎么办', '麻烦派人看看', '请问归哪个部门管', '盼回复'],
  ...['想知道要带什么', '希望公开标准', '能否网上办', '请核实', '求帮助', '建议改一改', '什么时候能好'],
];

export function inventComplaints(count: number): IssueMessage[] {
  const random = seeded(5);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const message = (id: string, title: string, text: string, likes: number): IssueMessage => ({
    ...{ id, title, text, likes, dislikes: 0, person: `citizen ${id}` },
    at: new Date(Date.UTC(2024, 0, 1 + Math.floor(random() * 300))),
  });
  const many = affairs.flatMap(({ share, titles, texts }, affair) =>
    Array.from({ length: Math.max(10, Math.round(share * count)) }, (_, at) =>
      message(`${affair}-${at}`, pick(titles), pick(texts), at % 3),
    ),
  );
  const singles = Array.from({ length: Math.max(0, count - many.length) }, (_, at) => {
    const place = `${pick(names.first)}${pick(names.last)}${pick(names.kind)}`;
    const [thing, trouble] = [pick(things), pick(troubles)];
    const told = [`${pick(things)}也${pick(troubles)}`, pick(effects), pick(effects), pick(wishes)];
    return message(`single-${at}`, `${place}${thing}${trouble}`, `${told.join('，')}。`, 0);
  });
  return [...many, ...singles];
}
