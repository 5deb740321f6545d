/** Invented sentences with personal data and sentences that only look like it; the same seed gives the same ones. */
import { seeded } from '#server/base/text/learn/seeded.ts';

export type PiiEntity = { type: string; start: number; end: number };
export type PiiSample = { text: string; entities: PiiEntity[] };

type Random = () => number;
type Piece = { type: string; make(random: Random): string; carriers: readonly string[] };

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
const digits = (random: Random, count: number) =>
  Array.from({ length: count }, () => Math.floor(random() * 10)).join('');
const between = (random: Random, low: number, high: number) => low + Math.floor(random() * (high - low + 1));
const two = (value: number) => String(value).padStart(2, '0');

function makeId(random: Random): string {
  const head =
    pick(random, ['110101', '320106', '430103', '330102', '500112', '530112', '610113', '150102', '440305']) +
    between(random, 1945, 2012) +
    two(between(random, 1, 12)) +
    two(between(random, 1, 28)) +
    digits(random, 3);
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, at) => total + weight * Number(head[at]), 0);
  return head + '10X98765432'[sum % 11];
}

function makeCard(random: Random): string {
  const head =
    pick(random, ['622202', '621700', '622848', '621661', '622588']) + digits(random, pick(random, [9, 12]));
  for (let check = 0; ; check += 1) {
    const all = head + check;
    let sum = 0;
    for (let at = 0; at < all.length; at += 1) {
      const digit = Number(all[all.length - 1 - at]);
      sum += at % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
    }
    if (sum % 10 === 0) return all;
  }
}

const mobile = (random: Random) =>
  pick(random, ['138', '139', '150', '159', '177', '186', '199', '135', '166', '173']) + digits(random, 8);
const groups = (value: string, sizes: readonly number[], sign: string) => {
  const starts = sizes.map((_, at) => sizes.slice(0, at).reduce((sum, size) => sum + size, 0));
  const parts = sizes.map((size, at) => value.slice(starts[at], starts[at]! + size));
  const from = sizes.reduce((sum, size) => sum + size, 0);
  return [...parts, value.slice(from)].filter((part) => part !== '').join(sign);
};
const wide = (value: string) =>
  value.replace(/[0-9A-Za-z]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
const plateLetters = 'ABCDEFGHJKLMNPQRSTUVWXYZ';

const family = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕'.split('');
const given =
  '伟芳娜秀英敏静丽强磊军洋勇艳杰涛明超霞平刚桂兰文辉玲红华建国志海波宇浩欣怡梓涵子轩雨泽俊豪佳琪思颖慧婷雪梅莉'.split(
    '',
  );
const makeName = (random: Random) =>
  (random() < 0.06 ? pick(random, ['欧阳', '上官', '司马', '诸葛']) : pick(random, family)) +
  pick(random, given) +
  (random() < 0.65 ? pick(random, given) : '');

const makeAddress = (random: Random) =>
  pick(random, [
    '长沙市岳麓区',
    '湖南省长沙市雨花区',
    '成都市武侯区',
    '浙江省杭州市余杭区',
    '江苏省昆山市',
    '云南省武定县',
    '长沙县',
    '',
  ]) +
  pick(random, ['望城坡街道', '狮山镇', '东山街道', '白果乡', '城关镇']) +
  pick(random, ['解放路', '人民东路', '建设大道', '幸福村', '和平社区', '阳光花园', '学府小区']) +
  pick(random, [
    '12号',
    '289号3栋501室',
    '3组18号',
    '5栋2单元1203',
    '8号院6号楼302室',
    '66号附3号',
    '3单元5楼西户',
    '二栋4楼左室',
    '12号楼1单元中户',
  ]);

export const pieces: readonly Piece[] = [
  {
    type: 'PHONE',
    make: (random) => {
      const number = mobile(random);
      return pick(random, [
        number,
        number,
        number,
        groups(number, [3, 4], ' '),
        groups(number, [3, 4], '-'),
        wide(number),
        `+86${number}`,
        `+86 ${number}`,
        `86-${number}`,
      ]);
    },
    carriers: [
      '我的电话是{}，请回复。',
      '联系电话：{}',
      '请打{}找我',
      '有事打我手机{}谢谢',
      '手机号码为{}。',
      '本人电话{}，盼回复',
      '{}是我的号码',
      '电话:{};请尽快',
      '麻烦致电（{}）',
      '可以加微信同号，手机{}',
      '工地老板的电话是{}，打不通',
      '至今没人联系我，{}',
    ],
  },
  {
    type: 'PHONE',
    make: (random) =>
      pick(random, ['010', '0731', '021', '0571', '0871', '028']) +
      pick(random, ['-', '', ' ']) +
      between(random, 2, 8) +
      digits(random, 7),
    carriers: ['家里座机{}', '固定电话：{}', '请拨打{}联系我', '联系方式 {}', '打{}转3号键也没人接'],
  },
  {
    type: 'PHONE',
    make: (random) =>
      pick(random, ['0731', '0571', '028']) +
      `-${between(random, 2, 8)}${digits(random, 7)}` +
      pick(random, ['转', '-', '分机', '转分机']) +
      digits(random, pick(random, [2, 3, 4])),
    carriers: ['办公电话：{}', '座机{}，找财务', '{}一直占线'],
  },
  {
    type: 'ID_CARD',
    make: (random) => {
      const id = makeId(random);
      return pick(random, [
        id,
        id,
        id,
        id.toLowerCase(),
        groups(id, [6, 8], ' '),
        groups(id, [6, 8], '-'),
        wide(id),
      ]);
    },
    carriers: [
      '我的身份证号是{}，帮我查一下',
      '身份证：{}',
      '身份证号码为{}的人员',
      '{}，请问社保交了几年',
      '证件号码:{}。',
      '公民身份号码{}',
      '社会保障号码：{}',
      '参保人（{}）的待遇',
      '查一下{}有没有参保',
    ],
  },
  {
    type: 'BANK_CARD',
    make: (random) => {
      const card = makeCard(random);
      return pick(random, [card, card, groups(card, [4, 4, 4, 4], ' '), groups(card, [4, 4, 4, 4], '-')]);
    },
    carriers: [
      '银行卡号{}',
      '工资打到{}这张卡',
      '卡号：{}，工商银行',
      '请汇到建行{}',
      '我的银行账号是{}',
      '养老金没到{}',
    ],
  },
  {
    type: 'NAME',
    make: makeName,
    carriers: [
      '姓名：{}',
      '我叫{}，在工地干活',
      '我叫{}今年五十二岁',
      '联系人：{}',
      '申请人{}，请求认定工伤',
      '本人{}，系退休职工',
      '投诉人：{}，被拖欠工资',
      '包工头{}拖欠我们工资',
      '{}，男，1968年生',
      '{}（女，汉族）参保信息有误',
      '请联系{}同志',
      '户主：{}',
      '考生{}的成绩有误',
      '法定代表人：{}',
      '我是{}，想问养老金',
      '谢谢！{}',
    ],
  },
  {
    type: 'EMAIL',
    make: (random) =>
      pick(random, ['zhang.san', 'lihua_88', 'wq2020', 'chen-yu', '10086abc']) +
      digits(random, 2) +
      pick(random, ['@qq.com', '@163.com', '@gmail.com', '@mail.gov.cn', '@126.com']),
    carriers: ['邮箱：{}', '请发到{}谢谢', '我的邮箱是{}，', '电子邮件 {}'],
  },
  {
    type: 'PLATE',
    make: (random) =>
      pick(random, ['湘', '京', '川', '浙', '云', '粤']) +
      pick(random, plateLetters.replace(/[IO]/g, '').split('')) +
      pick(random, ['', '·']) +
      pick(random, [
        digits(random, 5),
        `D${digits(random, 5)}`,
        `8${pick(random, ['A', 'K', 'Q'])}${digits(random, 3)}`,
      ]),
    carriers: ['车牌号：{}', '我的车{}停在门口', '一辆{}的货车', '车辆{}违停'],
  },
  {
    type: 'PASSPORT',
    make: (random) => pick(random, ['E', 'G', 'EA', 'EJ']) + digits(random, 8),
    carriers: ['护照号：{}', '护照号码{}', '本人护照{}已过期'],
  },
  {
    type: 'ADDRESS',
    make: makeAddress,
    carriers: [
      '住址：{}',
      '我住在{}，',
      '家庭住址是{}。',
      '现居住于{}',
      '家住{}，请上门',
      '户籍地址{}',
      '收件地址:{}',
      '工地在{}，项目部欠薪',
    ],
  },
  {
    type: 'POSTCODE',
    make: (random) => `4${digits(random, 5)}`,
    carriers: [
      '邮编：{}',
      '邮政编码{}',
      '邮 编：{}',
      '邮编该填{}吗',
      '信封上的邮编？写{}行吗',
      '\n工种,邮编,电话\n焊工,{},\n',
      '长沙市岳麓区 邮编{}',
    ],
  },
  {
    type: 'SERVICE_PHONE',
    make: (random) => `${pick(random, ['400', '800'])}-${between(random, 600, 899)}-${digits(random, 4)}`,
    carriers: ['客服电话：{}', '拨打{}咨询'],
  },
  {
    type: 'SERVICE_PHONE',
    make: (random) => pick(random, ['95588', '95533', '12333', '12329', '4008001234', '4001-234-567']),
    carriers: ['银行客服电话：{}', '服务热线:{}', '客服热线是{}'],
  },
  {
    type: 'MILITARY_ID',
    make: (random) =>
      `${pick(random, [...'南北东西中空海武参政后装文士军广济'])}字第${digits(random, pick(random, [6, 7, 8]))}号`,
    carriers: [
      '军官证号：{}',
      '证件类型：士官证，证件号码：{}',
      '转业干部，{}，档案没有转来',
      '文职干部证是{}',
      '\n序号\t军人证件号\n1\t{}\n',
    ],
  },
  {
    type: 'HK_ID',
    make: (random) => pick(random, ['C1234569', 'P174468(6)', 'P1744686', 'A123456（3）']),
    carriers: ['香港身份证：{}', '证件类型：香港永久性居民身份证，证件号码：{}', '我是香港人，身份证{}'],
  },
  {
    type: 'DRIVER_LICENSE',
    make: makeId,
    carriers: [
      '驾驶证号：{}',
      '\n序号\t驾驶证号\t事项\n1\t{}\t参保登记\n',
      '\n| 序号 | 驾照号码 |\n|---|---|\n| 1 | {} |\n',
      '\n年龄，驾驶证\n45，{}\n',
      '\n年龄  驾驶证号\n45  {}\n',
    ],
  },
];

/** Nothing in these is personal. */
const negatives: readonly ((random: Random) => string)[] = [
  (random) => `订单号：${digits(random, 18).replace(/^\d{14}/, '20231399887766')}`,
  (random) => `工单编号${digits(random, 12)}，请查收`,
  (random) => `补贴金额${digits(random, 7)}元`,
  () => '请拨打12333或12345咨询',
  (random) => `人社部发〔20${between(random, 10, 24)}〕${between(random, 1, 99)}号文件`,
  (random) => `截至20${between(random, 10, 24)}年${between(random, 1, 12)}月${between(random, 1, 28)}日`,
  (random) => `共有${digits(random, 6)}人参加，同比增长${between(random, 1, 99)}.${between(random, 1, 9)}%`,
  (random) => `流水号：${digits(random, 20)}`,
  () => '高中毕业生可以报名参加培训',
  () => '何时发放养老金？马上要过年了',
  () => '请到3号窗口办理，咨询张科长',
  () => '王局长您好，希望解决拖欠工资问题',
  () => '根据《社会保险法》第58条规定，用人单位应当自用工之日起三十日内办理',
  () => '工作时间：9:00-12:00，13:30-17:30',
  (random) => `快递单号SF${digits(random, 13)}`,
  () => '本人参加工作已经三十年，想问退休后待遇如何计算',
  () => '申请人应当提供材料，联系人处填写单位名称',
  () => '我叫不到车，联系人社局也没有人接',
  (random) => `2023年全县GDP为${digits(random, 9)}元`,
  () => '家住农村的老人怎样办理认证',
  () => '长沙市岳麓区人力资源和社会保障局发布公告',
  () => '解放路和人民路交叉口堵车严重',
  (random) => `版本号1.${digits(random, 2)}.${digits(random, 4)}`,
  () => '本人马上就要退休，申请提前办理',
  (random) => `学历证书编号0${digits(random, 11)}`,
  (random) => `沈河劳人仲案字〔20${between(random, 10, 24)}〕第${between(random, 1, 999)}号`,
  () => '周大福、老凤祥等企业进校园招聘',
  () => '联系人：苏工',
  () => '请先查原卡号再填',
  () => '我们小区1号栋没有电梯',
];

/** @returns `count` sentences; every fifth has nothing personal in it, some join two kinds */
export function makePiiSamples(count: number, seed: number): PiiSample[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, at) => {
    if (at % 5 === 4) return { text: pick(random, negatives)(random), entities: [] };
    const parts = Array.from({ length: random() < 0.25 ? 2 : 1 }, () => makePart(random));
    let text = '';
    const entities: PiiEntity[] = [];
    for (const part of parts) {
      if (text !== '') text += '，';
      const shift = text.length;
      text += part.text;
      entities.push(
        ...part.entities.map(({ type, start, end }) => ({ type, start: start + shift, end: end + shift })),
      );
    }
    return { text, entities };
  });
}

function makePart(random: Random): PiiSample {
  const piece = pick(random, pieces);
  const [head = '', tail = ''] = pick(random, piece.carriers).split('{}');
  const value = piece.make(random);
  const start = head.length;
  return { text: head + value + tail, entities: [{ type: piece.type, start, end: start + value.length }] };
}
