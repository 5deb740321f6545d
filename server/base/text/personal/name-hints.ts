/** What stands around a name, and how much likelier it makes one: natural logarithms of likelihoods, set by hand. */
import { announcing, label, roles, trades } from './name-cues.ts';
import type { FoundName, Hints } from './name-lattice.ts';

type Hint = readonly [pattern: RegExp, value: number];

const relations =
  '外公|外婆|公公|婆婆|爷爷|奶奶|姥姥|姥爷|亲属|家属|遗属|同学|战友|先生|女士|夫|妻|子|女|兄|弟|姐|妹|媳|婿|嫂|舅|姨|姑|伯|叔';

/** The first that fits counts. */
const openings: readonly Hint[] = [
  [/[这那每哪]$/, -4],
  [new RegExp(`(?:${announcing}|${label}|对象|姓名) ?[:：=|]{1,2} ?["'“]?$`), 7],
  [new RegExp(`(?:姓名|${roles}) $`), 5],
  [new RegExp(`(?:${announcing}|${roles})(?:是|为|叫|名叫|系|叫做)["'“]?$`), 5],
  [new RegExp(`(?:${announcing}|${roles})["'“(（]?$`), 4],
  [/[一-龥]{2,6} ?[:：] ?$/, 3],
  [/(?:[人者员方长民户]|[教医厨律]师|代表|负责|师傅|老师|助理|中介|考生|学生)(?:是|为|叫|系)?$/, 3],
  [/@ ?$/, 4],
  [new RegExp(`(?:${relations})(?:是|叫)?$`), 2.5],
  [
    /(?:任命|免去|通知|介绍|拖欠|递补|录用|聘用|表彰|送达|支付|批准|回访|联系|听说|请问|恭喜|祝贺|感谢|投诉|举报|关于|认识|跟着|多亏|除了|比起|就连|不是|还有|只有|昨天|今天|刚才|后来|当时|其中|以及)$/,
    2,
  ],
  [/[帮给以经由是和与跟替让叫找问被向对把比就连请据因为欠]$/, 1.5],
  [/的$/, 1],
  // A letter or a digit begins nobody's name: 58车贷, 4楼.
  [/(?:^|[^一-龥0-9A-Za-z])$/, 1],
  [/[0-9A-Za-z]$/, -1],
];

/** What shops, schools, estates, roads and waters are, after what they are called. */
const houses =
  '英语|培训|美术|舞蹈|琴行|画室|[Kk][Tt][Vv]|珠宝|电器|家电|健身|会所|商铺|门店|大道|公园|纪念馆|车行|汽车|二手车|平台|足浴|足道|养生|楼盘|开发商|置业|地产|苑|阁|轩|新城|高速|山庄|庄园|业委会|物业|超市|商场|牌|汽修|校区|别墅|停车场|路段|段|地铁|建材|家具|家居|装饰|饭店|餐馆|火锅|美容|诊所|剧本|时代|国际|小镇|码头|市场|[河湖江溪]|[一二三四]期|[0-9]{1,2}[栋期号]|安置[区房]|抽油烟机|考研|教育|贷|栋|小学|学校|工社|路';

const closings: readonly Hint[] = [
  // Firms are told off together: 周大福、老凤祥等企业.
  [
    /^[一-龥]?["”]?(?:[、,，][^、,，。；\n]{2,12}){0,4}等(?:[0-9一二三四五六七八九十多几]{0,3}[家个]|知名|大型|国有)?(?:企业|公司|单位|品牌|商家|商户|厂家|店铺|集团)(?!家|的?(?:员工|职工|职员|工人|人员|老板|负责人|领导|高管|股东|经理|代表|同事))/,
    -12,
  ],
  [new RegExp(`^[一-龥]?["”'’]?(?:${houses})`), -4],
  [/^(?:[一二两三四五六七八九十]?(?:地(?!址)|[市县区省州])|[镇乡村路街道桥庄])/, -4],
  [
    new RegExp(
      `^(?:[一-龥]?(?:${trades}){1,5})?(?:公司|集团|合作社|工业园|小区|花园|广场|大厦|商城|酒店|工程|项目)`,
    ),
    -4,
  ],
  // The number of a case or a paper, and of a military card: 沈河劳人仲案字〔2022〕.
  [/^(?:[一-龥]{0,6}字第?[〔[(（]?[12][09][0-9]{2}[〕\])]|字第 ?[0-9])/, -12],
  [/^字?第?[〔[(（]?[12][09][0-9]{2}[〕\])）]/, -6],
  [
    /^[ ]?(?:先生|女士|小姐|同志|同学|老师|师傅|医生|大爷|大妈|阿姨|大姐|大哥|老人|奶奶|爷爷|网友|律师|法官|主任|科长|局长|所长|书记|经理|老板|校长)(?![一-龥]{0,2}(?:局|厅|院))/,
    4,
  ],
  [/^[ ]?[(（,，、 |]?[ ]?[男女](?![一-龥])/, 5],
  [/^[ ,，、(（:：|]{0,3}(?:身份证|手机|电话|联系|护照|准考证)?[号码方式:：]*[ ]?\ue000/, 4],
  [/^(?:[您你]好|收(?![一-龥]))/, 3],
  [
    /^(?:[一二两三四五六七八九十0-9]{1,3}(?:个人|[人名位])|代为|反映|来电|来信|投诉|举报|称|表示|携带|本人|生前|去世|死亡|受伤|等[一二三四五六0-9 ]|之[子女妻父母]|夫妇|夫妻|名下|主持|陪同|参加|牵头|配合|主张|负责|介绍|拖欠|至今|发来|缴了|查一下|查查|问一下|问问|办理)/,
    2.5,
  ],
  [
    /^(?:说|带|把|于|因|将|向|系|在|的|拿|收|住|签|和|与|跟|是|已|未|一直|没|又|持|用|只|还|也|就|都|才|每|从|叫|来|去|为|被|给|诉|占|仍|随|早|驾驶|签字|现金|人民币|家的|打)/,
    1,
  ],
  [/^(?:[^一-龥]|$)/, 1],
];
/** A run that is nothing else: a cell, a line, one of a list. */
const alone = 1.5;
const nowhere = -2;
const namedTogether = 3;
const announced = 4;
/** Of what stands between two names. */
const widths = [1, 2, 3, 4];
const between = /^[ 　]?(?:[、,，;；/|和与及]| |　|以及){1,3}$/;

/**
 * @param found names already known: who stands beside one in a list is likelier one
 * @param headingAt what the column of the cell that begins at a place is called
 */
export function hintsOf(
  text: string,
  found: readonly FoundName[],
  headingAt: (place: number) => string | undefined,
): Hints {
  const opening = (start: number) => {
    const heading = headingAt(start);
    const asked = heading ? first(openings, `${heading}:`) : 0;
    // Columns of people say so; of others the cell alone may tell more.
    return asked >= announced ? asked : first(openings, text.slice(Math.max(0, start - 14), start));
  };
  const closing = (end: number) => first(closings, text.slice(end, end + 20));
  const isNeighbour = neighboursOf(text, found);
  const together = (start: number, end: number) => (isNeighbour({ start, end }) ? namedTogether : 0);
  return {
    before: once((start) => opening(start) + together(start, text.length)),
    after: once((end) => closing(end) + together(0, end)),
    alone,
    nowhere,
  };
}

/** Whether a word stands there after which a name follows and hardly anything else. */
export function announces(text: string, start: number): boolean {
  return first(openings, text.slice(Math.max(0, start - 14), start)) >= announced;
}

/** Whether only what separates names stands between a place and a name before or after it. */
export function neighboursOf(text: string, found: readonly FoundName[]): (place: FoundName) => boolean {
  const [starts, ends] = [new Set(found.map(({ start }) => start)), new Set(found.map(({ end }) => end))];
  return ({ start, end }) =>
    widths.some(
      (width) =>
        (ends.has(start - width) && between.test(text.slice(start - width, start))) ||
        (starts.has(end + width) && between.test(text.slice(end, end + width))),
    );
}

const first = (hints: readonly Hint[], text: string): number =>
  hints.find(([pattern]) => pattern.test(text))?.[1] ?? 0;

function once(make: (at: number) => number): (at: number) => number {
  const kept = new Map<number, number>();
  return (at) => {
    const known = kept.get(at) ?? make(at);
    kept.set(at, known);
    return known;
  };
}
