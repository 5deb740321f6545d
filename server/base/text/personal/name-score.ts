/**
 * Names that no single rule is sure of: surname, given characters, what stands before and what follows each say a little,
 * and enough of it together is a name. The points were chosen by hand on invented sentences and on real ones without names.
 */
import { announcing, label, roles } from './name-cues.ts';
import { givenCharacters, seldomSurnames, surnames } from './surnames.ts';

type Words = {
  /** Words that begin like a name and are none. */
  isWord(text: string): boolean;
  /** Surnames that are everyday characters far more often. */
  doubtful: ReadonlySet<string>;
  frequent: ReadonlySet<string>;
  notGiven: ReadonlySet<string>;
  /** In names of places and things as often as in those of people. */
  common: ReadonlySet<string>;
};

const enough = 5;

/** Where a name may begin. What is behind it says how likely one is. */
const openings: readonly (readonly [RegExp, number])[] = [
  [new RegExp(`(?:${announcing}|${label}|对象|姓名) ?[:：] ?["“']?$`), 4],
  [/[一-龥]{2,6} ?[:：] ?$/, 2],
  [new RegExp(`(?:${announcing}|${roles})(?:是|为|叫|名叫|系)?["“']?$`), 2.5],
  [/(?:人|者|员|方|主|代表)(?:是|为|叫|系)$/, 2.5],
  [/(?:外公|外婆|公公|婆婆|爷爷|奶奶|姥姥|姥爷|窗口|组员|亲属|家属|同学|战友|先生|女士)$/, 2],
  [/@ ?$/, 3],
  [/(?:[人者员]|[(（[【])$/, 1.5],
  [
    /(?:^|[^一-龥])(?:以下是|我是|这是|现有|兹有|我[和与跟]|关于|以|麻烦帮|对于|根据|据|经|因|请|让|和|与|找|由|给|替|被|受|向|对|为|问)$/,
    2,
  ],
  [
    /(?:介绍我?找|要找|去找|我找|送给|交给|发给|转给|告诉|通知|委托|认识|遇到|碰到|采访|扶养|赡养|照顾|起诉|顶替|冒用|冒充)$/,
    2,
  ],
  [/(?:^|[^一-龥])$/, 1],
  [/[帮给以经由是和与跟替让叫找问被向]$/, 0.5],
];

/** What follows a name, or seldom anything else. */
const endings: readonly (readonly [RegExp, number])[] = [
  [
    /^[ ]?(?:先生|女士|小姐|同志|同学|老师|师傅|医生|大爷|大妈|阿姨|大姐|大哥|老人|奶奶|爷爷)(?![一-龥]{0,2}(?:局|厅|院))/,
    4,
  ],
  [/^[ ]?[(（,，、 ]?[ ]?[男女](?![一-龥])/, 4],
  [/^[ ,，、(（:：]{0,2}\ue000/, 3],
  [
    /^的(?:社保|医保|养老|退休|工资|工伤|身份|手机|电话|户口|档案|银行|父|母|妻|丈|儿|女|家|老|爱人|遗|案|情况|申请|材料|证|账|女儿)/,
    3,
  ],
  [
    /^(?:反映|来电|来信|投诉|举报|称|表示|携带|本人|生前|去世|死亡|受伤|未[缴收领参发签办到]|已[经于向在离退申提缴办参]|户口|身份证|遗失|丢失|提[交出]|申请|提前|不接|失联|拖欠|欠|打伤|被|于[0-9上今昨]|因|将|向|系|在[一-龥]|拿到|收到|去世|现年|今年|出生|住|工作|上班|签|负责|带|把|说|告知|承诺|老板|夫妇|夫妻|等[一二三四五六0-9]|之[子女妻父母])/,
    2,
  ],
  [/^的/, 1.5],
  [
    /^(?:参保|同意|名下|名义|家属|收[的了]|承包|的名|发放|补缴|合伙|经手|签字|和我|与我|跟我|拒[不绝]|至今|一直|想|打电话)/,
    2,
  ],
  [
    /^[的是要不会能可也都又还就才想问打给帮让叫带交签收拿发领办买卖借去来到走做任兼病伤亡死患跟陪替接骗骂打送找]/,
    0.7,
  ],
];
const over = /^(?:[\s,.;:!?()，。；：！？（）、“”"'|/\n]|$)/;
/** Here the name goes on, or it was a place. */
const placeGoesOn = /^(?:[省市区县镇乡村路街道里社小厂局院校园桥庄湾坪岗岭沟]|公司|集团|大道|学校|医院|广场)/;

/** @returns length in units, or 0 */
export function scoredName(text: string, start: number, words: Words): number {
  const before = text.slice(Math.max(0, start - 12), start);
  const opening = openings.find(([pattern]) => pattern.test(before))?.[1] ?? 0;
  if (words.isWord(text.slice(start, start + 4))) return 0;
  // 为何, 任何, 如何.
  if (text[start] === '何' && /[为任如几缘奈]$/.test(before)) return 0;
  let best = { length: 0, points: enough };
  for (const surname of [2, 1]) {
    const family = surnamePoints(text.slice(start, start + surname), words);
    if (family === null) continue;
    for (const given of [2, 1]) {
      const length = surname + given;
      const own = text.slice(start + surname, start + length);
      const rest = text.slice(start + length, start + length + 16);
      if (own.length < given || placeGoesOn.test(rest)) continue;
      const points = opening + family + givenPoints(own, words) + endPoints(rest, opening, words);
      if (points >= best.points + (best.length > 0 ? 0.01 : 0)) best = { length, points };
    }
  }
  return best.length;
}

function surnamePoints(family: string, { doubtful, frequent }: Words): number | null {
  if (!surnames.has(family)) return null;
  if (family.length === 2) return 2.5;
  if (frequent.has(family)) return 2;
  return seldomSurnames.has(family) || doubtful.has(family) ? 0 : 1;
}

function givenPoints(own: string, { notGiven, common }: Words): number {
  let points = 0;
  for (const unit of own) {
    if (!/[一-龥]/.test(unit)) return Number.NEGATIVE_INFINITY;
    const usual = givenCharacters.has(unit);
    if (notGiven.has(unit)) points -= usual ? 0 : 4;
    else points += usual ? (common.has(unit) ? 0.4 : 1.3) : -1;
  }
  return points;
}

function endPoints(rest: string, opening: number, words: Words): number {
  const said = endings.find(([pattern]) => pattern.test(rest))?.[1] ?? 0;
  if (said > 1) return said;
  // Named together with somebody else.
  const other = /^[和与、及跟]/.test(rest) ? surnamePoints(rest.slice(1, 2), words) : null;
  if (other !== null && givenPoints(rest.slice(2, 3), words) > 0) return 1 + other / 2;
  if (over.test(rest)) return opening >= 2 ? 1.5 : 0;
  return said;
}
