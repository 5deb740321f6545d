/**
 * Names of people: after a word that announces one, before one that only follows one, between a name's neighbours
 * (sex, number), as a signature, or as the whole text. A surname alone ("张先生", "王局长") is no name: it is left.
 */

import { announcing, beforeAnything, belongsToSomebody, label, roles, weakWords } from './name-cues.ts';
import { scoredName } from './name-score.ts';
import type { Reading, Span } from './spans.ts';
import { givenCharacters, seldomSurnames, surnames } from './surnames.ts';

const han = /^[一-龥]$/;
/** What never is inside a given name: the words around it begin here. */
const notGiven = new Set(
  '打的了在是我你他她它们这那有不没也都就还又和与及或于从到对向把被让给为因所以但而且如果吗呢吧啊哦呀嘛请问您好先生女士同志书记局主副科处股厅长师傅老板总某等住称说讲电手身年月日男联地址性于由当将曾已经能会可需要想来去做办反应投诉举报咨询求助申请公司厂店局村镇县区市省路街号家房费钱款',
);
const ending = /^(?:[\ue000\s,.;:!?()，。；：！？（）、“”"'/|\n[\]【】<>《》0-9A-Za-z-]|$)/;

const announced = new RegExp(`(?:${announcing}|${roles}|${label})\\)?["']?[ :：=]{0,3}["“']?`, 'gi');
const preceded = new RegExp(`(?:${beforeAnything})`, 'g');

/** After these a name is only certain when it also ends like one. */
const weak = new RegExp(`^(?:${weakWords}|${roles}|${label})$`, 'i');

/** What follows a name and hardly anything else. */
const followedBy =
  /^(?:[您你]好|收(?=[\s,，。]|\ue000|$)|[ ,，、;；|(（:：/-]{0,3}(?:电话|手机)?[:： ]{0,2}\ue000|[ ]?[(（,，、|]?[ ]?(?:男|女)(?:[,，;；、)） |]|$)|[ ]?(?:先生|女士|小姐|同志|同学|老人|师傅|老师|医生|大爷|阿姨|大姐|大哥)(?![一-龥]{0,2}(?:局|厅|院))|[,，(（:： ]{0,2}(?:身份证|手机|电话|联系电话|联系方式|tel)|[,，]? ?(?:出生于|生于|[0-9]{2}岁|现年|今年|今天|现在|目前|家住|户籍|来自|拖欠|反映|投诉))/i;

/** How a sentence goes on after a name. */
const goesOnWithWord =
  /^(?:同志|先生|女士|反映|来信|来电|投诉|举报|拖欠|欠|跑路|失联|代[办理为表]|准考证|培训|考[试上]|身份|手机|电话|联系|性别|年龄|工资|工伤|合格|受伤|签[订名字]|承诺|申请|承包|负责|提出|认为|要求|发[放来]|打[来了]|银行|账[号户]|卡号|住|家住|退休|参保|缴费|办理|进行|一直|目前|现[在年]|今年|出生|入职|离职|工作|上班|去世|死亡|本人|夫妇|一家|等人|三人|两人|二人|诉|您好|你好|说|介绍|服务|态度|耐心|帮|热情|打电话|家的|家里|主持|报道|表示|违规|涉嫌|冒领|骗取|借款|了(?=[\s,，。]|$)|书记|老师|经理|主任|师傅|医生|老板|局长|名下|所|请|您|你|我|他|她)/;
const continues = new RegExp(
  `^(?:[的在于是已不没说将被把因为和与及同从向对给让去来到就也都又还正曾要会能可共等此之])|${goesOnWithWord.source}`,
);

const littleWords = new Set('和于时都向从应来由同为有是就那能');
const doubtful = new Set(
  '成向和于时单都经相官应连高安常方费全万解关明文武商门边党从代付原游花强来伏干司师用满包保能计平曾管尚井'.split(
    '',
  ),
);

/**
 * @param sure what stands before announces a name and hardly anything else
 * @returns length in units, or 0
 */
function nameAt(text: string, start: number, sure: boolean): number {
  const surname = surnames.has(text.slice(start, start + 2)) ? 2 : surnames.has(text[start] ?? '') ? 1 : 0;
  if (surname === 0) return 0;
  const given = (at: number) => {
    const unit = text[start + surname + at] ?? '';
    return han.test(unit) && !(notGiven.has(unit) && !givenCharacters.has(unit));
  };
  const ends = (length: number) => {
    const rest = text.slice(start + length, start + length + 16);
    return ending.test(rest) || followedBy.test(rest);
  };
  const goesOn = (length: number) => continues.test(text.slice(start + length, start + length + 6));
  if (!given(0)) return 0;
  const [first, third] = [text[start + surname] ?? '', text[start + surname + 1] ?? ''];
  const usual = (unit: string) => givenCharacters.has(unit) && !notGiven.has(unit);
  const [short, long] = [surname + 1, surname + 2];
  const longFits = given(1) && !commonWords.test(text.slice(start + surname + 1, start + surname + 5));
  // Some surnames are little words far more often: both characters after them must be a name's.
  if (!sure && surname === 1 && (doubtful.has(text[start]!) || seldomSurnames.has(text[start]!))) {
    if (!givenCharacters.has(first)) return 0;
    if (usual(first) && ends(short)) return short;
    return givenCharacters.has(third) && (ends(long) || goesOn(long)) ? long : 0;
  }
  if (ends(short)) return short;
  // After an announcement even an unusual character belongs to the name when it then ends.
  if ((given(1) || (sure && surname === 2 && han.test(third))) && ends(long)) return long;
  // In a running sentence the words that go on after a name tell where it was over.
  const known = sure || givenCharacters.has(first);
  const wordFollows = goesOnWithWord.test(text.slice(start + short, start + short + 4));
  if (known && wordFollows && (!goesOn(long) || notGiven.has(third))) return short;
  if (longFits && (known || givenCharacters.has(third)) && goesOn(long)) return long;
  if (known && !usual(third) && goesOn(short)) return short;
  // After a word that often stands without a name, only characters that names are made of count.
  if (!sure) {
    if (!usual(first)) return 0;
    if (/[区县市镇乡村省路街]/.test(third)) return 0;
    return usual(third) && longFits ? long : notGiven.has(third) || goesOn(short) ? short : 0;
  }
  return usual(third) && longFits ? long : short;
}

/** Of a surname and one or two characters that names are made of, before what `goes` accepts. */
function someoneAt(text: string, start: number, goes: (rest: string) => boolean): number {
  const two = surnames.has(text.slice(start, start + 2)) ? 2 : 0;
  const one = surnames.has(text[start] ?? '') ? 1 : 0;
  if (commonWords.test(text.slice(start, start + 4))) return 0;
  for (const surname of [two, one]) {
    for (const length of surname === 0 ? [] : [surname + 2, surname + 1]) {
      const own = [...text.slice(start + surname, start + length)];
      const known = own.every((unit) => givenCharacters.has(unit) && (own.length > 1 || !notGiven.has(unit)));
      const rare = surname === 1 && (doubtful.has(text[start]!) || seldomSurnames.has(text[start]!));
      if (known && !(rare && own.length === 1) && goes(text.slice(start + length, start + length + 12)))
        return length;
    }
  }
  return 0;
}

const strictName = (text: string, start: number): number =>
  someoneAt(
    text,
    start,
    (rest) =>
      belongsToSomebody.test(rest) || ending.test(rest) || goesOnWithWord.test(rest) || /^[的在]/.test(rest),
  );

/**
 * A full name in running text without any announcement: a frequent surname, two characters that names are made of, and
 * neighbours between which names stand. Two characters alone would be words too often.
 */
function freeName(text: string, start: number): number {
  const [surname = '', first = '', second = ''] = text.slice(start, start + 3);
  if (!frequentSurnames.has(surname) || !givenCharacters.has(first) || !givenCharacters.has(second)) return 0;
  if (notGiven.has(first) || notGiven.has(second) || places.has(first) || places.has(second)) return 0;
  return afterFree.test(text.slice(start + 3, start + 6)) ? 3 : 0;
}

const frequentSurnames = new Set(
  '黎莫覃陶韦尹汤施葛翁倪颜聂柯殷翟樊骆耿霍涂甄俞饶滕屈邬瞿褚娄窦戚岑巩佘迟邝鞠郁蒙祁裴倪芦阮王李张刘陈杨赵周吴徐孙朱胡郭何罗郑梁谢宋唐许邓冯韩曹曾彭肖蔡潘袁董余苏叶吕魏蒋田杜丁沈姜范傅钟卢汪戴崔陆廖姚邹熊谭邱侯邵孟薛阎段雷贺龚郝'.split(
    '',
  ),
);
/** In names of places and of things more often than of people. */
/** Several in a row, each a name: 张伟、李娜、王芳. */
const list = /(?<![一-龥])[一-龥]{2,3}(?:、[一-龥]{2,3})+/g;

function* listedNames(text: string): Generator<[start: number, length: number]> {
  for (const { 0: whole, index } of text.matchAll(list)) {
    const names = whole.split('、');
    // What follows the last one may belong to the sentence: "王芳三人" gives three units.
    const plain = names.slice(0, -1);
    if (!plain.every((one) => isPlainName(one)) || plain.some((one) => commonWords.test(one))) continue;
    let at = index;
    for (const one of names) {
      const length = isPlainName(one) ? one.length : isPlainName(one.slice(0, 2)) ? 2 : 0;
      if (length > 0) yield [at, length];
      at += one.length + 1;
    }
  }
}

const isPlainName = (one: string): boolean =>
  frequentSurnames.has(one[0] ?? '') &&
  [...one.slice(1)].every((unit) => givenCharacters.has(unit) && !notGiven.has(unit) && !places.has(unit));

const places = new Set(
  '大小天山江河湖海林木石城东南西北中心水口路村三四五六七八九一二平安生活金年月日光明春夏秋冬门市花园美长新龙世同道理言语书子女家人民国庆'.split(
    '',
  ),
);
const afterFree =
  /^(?:[\s,.;:!?()，。；：！？（）、“”"\n]|$|[的等向说在因从和与及被把对是]|反映|举报|投诉|本人|夫妇|夫妻|一家|同志|先生|女士)/;
const free =
  /(?<=^|[\s,.;:!?()，。；：！？（）、“”"\n]|[和与找给叫让向请由]|儿子|女儿|丈夫|妻子|父亲|母亲|老板|代表)(?=[一-龥]{3})/g;

const dotted = (text: string): number => {
  const found = /^[一-龥]{2,8}[·•][一-龥]{2,8}/.exec(text)?.[0];
  if (!found) return 0;
  const dot = found.search(/[·•]/);
  // Shorter ones first: what goes on after a name tells where it was over.
  for (let length = dot + 3; length < found.length; length += 1)
    if (
      continues.test(text.slice(length)) &&
      !/^(?:[不来可等到尔克赛大]|都(?![没不是有在要已被]))/.test(text.slice(length))
    )
      return length;
  return /^[一-龥]/.test(text.slice(found.length)) ? 0 : found.length;
};

const words = {
  isWord: (text: string) => commonWords.test(text),
  ...{ doubtful, notGiven, frequent: frequentSurnames, common: places },
};

/** What a number is called, not who has it: 车牌, 农行. */
const numberLabel = /[牌行卡号码证话址机箱票款额费率表单册系式]$/;

/** Stands where a number or an address was found: a name's best neighbour. */
const hidden = '\ue000';

/** @param found personal numbers and addresses: names are no part of them, and often stand beside them */
export function findNames(reading: Reading, found: readonly Span[]): Span[] {
  const folded = hide(reading.folded, found);
  const spans: Span[] = [];
  const take = (start: number, length: number) => {
    let [at, units] = [start, length];
    // Who is named with somebody is somebody: "申请人张伟、李娜和王芳".
    while (units > 0) {
      spans.push({ type: 'NAME', start: at, end: at + units });
      const end = at + units;
      if (!/^[、和与及/]/.test(folded[end] ?? '')) break;
      at = end + 1;
      units = commonWords.test(folded.slice(at, at + 4))
        ? 0
        : dotted(folded.slice(at, at + 24)) || nameAt(folded, at, false);
    }
  };
  const whole = folded.trim();
  if (/^[一-龥]{2,4}$/.test(whole) && nameAt(whole, 0, false) === whole.length && !commonWords.test(whole))
    take(folded.indexOf(whole), whole.length);
  for (const match of folded.matchAll(announced)) {
    const start = match.index + match[0].length;
    const withDot = dotted(folded.slice(start, start + 24));
    if (withDot > 0) take(start, withDot);
    else if (!commonWords.test(folded.slice(start, start + 4))) {
      const little = littleWords.has(folded[start] ?? '');
      take(start, nameAt(folded, start, /[:：]/.test(match[0]) || !(little || weak.test(match[0].trim()))));
    }
  }
  for (const { 1: name, index } of folded.matchAll(standing)) {
    const end = index + name!.length;
    if (commonWords.test(name!) || numberLabel.test(name!) || !followedBy.test(folded.slice(end, end + 16)))
      continue;
    if (nameAt(folded, index, false) === name!.length) take(index, name!.length);
  }
  for (const match of folded.matchAll(preceded)) {
    const start = match.index + match[0].length;
    const withDot = dotted(folded.slice(start, start + 24));
    if (withDot > 0) take(start, withDot);
    else if (!commonWords.test(folded.slice(start, start + 4))) take(start, strictName(folded, start));
  }
  for (const { index } of folded.matchAll(clause)) {
    const length = someoneAt(folded, index, (rest) => belongsToSomebody.test(rest));
    if (length > 0) take(index, length);
    else if (/^[和与、]/.test(folded.slice(index + 2, index + 4).replace(/^[^和与、]/, ''))) {
      const pair = someoneAt(folded, index, (rest) => {
        const other = /^[和与、]/.test(rest) ? strictName(rest, 1) : 0;
        return other > 0;
      });
      take(index, pair);
    }
  }
  for (const { 1: name, index } of folded.matchAll(beside)) {
    if (commonWords.test(name!) || numberLabel.test(name!)) continue;
    if (nameAt(folded, index, false) === name!.length) take(index, name!.length);
  }
  for (const [start, length] of listedNames(folded)) take(start, length);
  for (const { index } of folded.matchAll(free)) {
    if (!commonWords.test(folded.slice(index, index + 4))) take(index, freeName(folded, index));
  }
  if (/[·•]/.test(folded))
    for (const { 0: lead, 1: name, index } of folded.matchAll(minority)) {
      const start = index + lead.length;
      const length = dotted(folded.slice(start, start + 24));
      take(start, length > 0 ? length : name!.length);
    }
  for (let start = 0; start < folded.length; start += 1) {
    if (surnames.has(folded[start]!) || surnames.has(folded.slice(start, start + 2)))
      take(start, scoredName(folded, start, words));
  }
  for (const { 1: before, 2: name, index } of folded.matchAll(signature)) {
    const start = index + before!.length;
    if (nameAt(folded, start, false) === name!.length && !commonWords.test(name!)) take(start, name!.length);
  }
  return spans;
}

function hide(text: string, found: readonly Span[]): string {
  let [rest, from] = ['', 0];
  for (const { start, end } of found.toSorted((a, b) => a.start - b.start)) {
    rest += text.slice(from, start) + hidden.repeat(end - start);
    from = end;
  }
  return rest + text.slice(from);
}

/** A name among its neighbours: at the beginning, after a sign, or after words that stand before names. */
const standing =
  /(?<=^|[\s,.;:!?()，。；：！？（）、“”"\n|/【】[\]\ue000]|[和与找给叫让向请由是为]|联系)(?=([一-龥]{2,4}?)(?:[ ,，、;；|(（:：/-]{0,3}(?:电话|手机)?[:： ]{0,2}\ue000|[ ,，、|]?[ ]?[(（]?[男女](?:[,，;；、)） 性|]|$)|[ ]?(?:先生|女士|小姐|同志|同学|老人)|[您你]好|收(?=[\s,，。]|\ue000|$)|[,，(（:： ]{0,2}(?:身份证|手机|电话|联系电话|联系方式)|[,，]? ?(?:出生于|生于|[0-9]{2}岁|现年|今年[0-9]{2}岁|家住)))/g;

/** Where a clause begins. */
const clause = /(?<=^|[\s,.;:!?()，。；：！？（）、“”"\n|\ue000])(?=[一-龥]{2})/g;

/** After a number or an address: "13800138000（张伟）". */
const beside = /(?<=\ue000[ ,，、|(（:：/-]{0,2}(?:找|联系)?)(?=([一-龥]{2,4})(?:收|[^一-龥]|$))/g;

/** Uighur, Kazakh and Tibetan names carry a dot between their parts. */
const minority =
  /(?<![一-龥·•])(?:[请让找给由和与被是叫向把])?(?=([一-龥]{2,6}[·•][一-龥]{2,8}?)(?=同志|先生|女士|[^一-龥·•（(]|[（(](?:\ue000|身份证|男|女|电话|手机)|$))/g;

/** At the end, after thanks or a line of its own, perhaps with a date. */
const signature =
  /((?:此致|敬礼|谢谢|感谢|敬上|致敬|盼复|[!！。\n])[!！。,，\s]*\n? *(?:—|-|——)? *)([一-龥]{2,4})(?=\s*(?:敬上|上|拜上|呈|谨上)?\s*(?:[0-9]{4}[年./-][0-9年月日./ -]*)?\s*$|[,，] ?(?:电话|手机|户籍|家住|住址|地址|1[3-9]))/g;

/** Words that begin like a surname and are none. */
const commonWords =
  /^(?:代课|任课|谢[政自各]|和维|谈恋|杜鹃|江山|任特|和伯|宁[静洁]|简直|来发|康乐|揭发|于换|张冠李|敬礼|官自|都觉|韩国|田土|陆军|周[末边围一二三四五六日岁年]|陈[述列旧]|余[万元额人名年天个下]|党[忠性组]|何[种故苦处]|何等|边远|公安|安南|卫建|[一-龥]{2}镇|[一-龥]谢|台胞|台属|顾名|于水|曾多|应统|向政|和家|和公|和姑|农夫|廉租|安心|和睦|程自|房商|[一-龥](?:领导|州长|医生)|尚义|[一-龥][行厅局处科所校院镇县市区乡村队组部股站]长|利[益用润害息率好于]|权[益利力限属]|农[户民村业资田历机]|房[屋租产价源客贷]|路[段政面灯线边过]|强[度行拆化调]|代[收缴办理表替码]|施工|来管|明确|安静|车[牌辆位主间票库祸费流道]|管[理道控]|查[看明实找]|时[长段限]|满意|容易|尚未|计[生划]|相[应互]|应[届有]|单[价元]|方[案式向]|经[营济常理]|全[体额程镇村]|平[台安均]|年[龄限底初]|景[观区]|项[目]|别[墅]|广[场告大]|费[用]|文[明艺]|常[务见]|成[本人交都]|任[务意]|安[装保]|乐[园]|包[装]|关[闭系]|石[材子]|水[电]|齐[心]|麻[烦]|柴[油]|花[园草]|木[工]|钱[财]|商[家业铺]|古[建]|伍[佰]|解[释答]|左[边侧]|右[边侧]|符[号]|华[东南北中]|高兴|有效|年满|双方|强势|爱护|储存|宣传|基本|水火|谢谢|方式|高龄|古稀|文字|宿舍|司机|成员|小区|一下|查一|查下|台湾|香港|澳门|高中|高考|高温|马上|马路|何时|何况|方便|方面|方法|安全|安排|安置|文件|文化|明天|明年|金额|金融|程序|江苏|江西|江南|黄色|黄金|石油|白天|于是|任何|任职|成立|成功|成绩|时间|时候|时代|全部|全家|全国|全体|单位|单独|单身|计划|计算|应该|应当|解决|解除|管理|管辖|万元|万一|严重|严格|连续|连接|强制|强烈|华为|路口|路灯|车辆|车位|车间|包括|包含|包工|边上|曾经|常年|常常|符合|关于|关心|关注|项目|向上|向前|许多|许可|齐全|盛大|池塘|原来|原因|官方|商店|商户|商业|和谐|都是|都有|来自|来电|来信|查询|查处|相关|师傅|和平|党员|乐于|易于|房子|房产|房东|花费|花园|米兰|保险|保障|保安|木材|武汉|广东|国家|海南|湖南|云南|河南|毕业|毕竟|习惯|温度|温馨|习题|党委|祝您|祝福|景区|景点|冷水|冷静|欧洲|阳光|阳台|谈话|商量|简单|简历|燕子|从来|付款|代理|代表|代办|申请|申报|尤其|左右|古城|游客|游泳|封闭|封路|平时|康复|童年|成都|辛苦|盖章|盖房|荣誉|钟点|龙头|兰州|石头|贺卡|牛奶|伏天|别人|时常|全省|全市|全县|经常|能够|莫名|花钱)/;
