/**
 * Names of people: after a word that announces one, before one that only follows one, between a name's neighbours
 * (sex, number), as a signature, or as the whole text. A surname alone ("张先生", "王局长") is no name: it is left.
 */

import type { Reading, Span } from './spans.ts';
import { givenCharacters, surnames } from './surnames.ts';

const han = /^[一-龥]$/;
/** What never is inside a given name: the words around it begin here. */
const notGiven = new Set(
  '的了在是我你他她它们这那有不没也都就还又和与及或于从到对向把被让给为因所以但而且如果吗呢吧啊哦呀嘛请问您好先生女士同志书记局主副科处股长师傅老板总某等住称说讲电手身年月日男联地址性于由当将曾已经能会可需要想来去做办反应投诉举报咨询求助申请公司厂店局村镇县区市省路街号家房费钱款',
);
const ending = /^(?:[\s,.;:!?()，。；：！？（）、“”"'/|\n[\]【】<>《》0-9A-Za-z-]|$)/;

const announced =
  /(?:(?:(?:真实|学生|患者|病人|孩子|考生|职工|员工|儿子|女儿|丈夫|妻子|老公|老婆|母亲|父亲|本人|我)的?)?(?:姓名|名字)(?:是|叫|为)?|名[叫为]|名(?=[:：])|联系人(?:是|叫|为)?|(?:申请|投诉|举报|反映|当事|经办|负责|委托|代理|收件|收款|开户|参保|代表|报名|被害|受害|监护|报案|缴费|持卡|联络|申报|紧急联系|办理|受理|领取|求助|来信|来访|上访|留言|承办|承租|责任|被举报|被投诉|咨询|签收|寄件|用|租|证明|介绍|担保|借款|被申请|被告|原告|录入|审核|填表|填报)人(?:姓名|是|为|叫)?|(?:用户|户|车|业|店|房|雇|机|货|宅|失)主(?:姓名|是|为|叫)?|法(?:定代表)?人(?:代表)?(?:姓名|是|为|叫)?|户名|署名|签名|签字|落款|(?:我|他|她|本人|名|孩子|儿子|女儿|丈夫|妻子|老公|老婆|母亲|父亲|老板|包工头|工头|同事|学生|职工|员工|老人|居民|村民|男子|女子|弟弟|哥哥|姐姐|妹妹|爷爷|奶奶)(?:的?名字)?(?:叫做?|名叫|系)|本人|患者|职工|员工|考生|死者|伤者|逝者|村民|居民|工友|农民工|学员|参保人员?|退休人员|离退休职工|申请人|嫌疑人|被告人|原告|被告|收件人|包工头|工头|老板|同事|班主任|校长|主任|经理|律师|医生|护士|司机|丈夫|妻子|儿子|女儿|父亲|母亲|爱人|配偶|老公|老婆|我是)[ :：]{0,3}(?:["“'])?/g;

/** After these a name is only certain when it also ends like one. */
const weak =
  /^(?:本人|患者|职工|员工|考生|死者|伤者|逝者|村民|居民|工友|农民工|学员|参保人员?|退休人员|离退休职工|包工头|工头|老板|同事|班主任|校长|主任|经理|律师|医生|护士|司机|丈夫|妻子|儿子|女儿|父亲|母亲|爱人|配偶|老公|老婆|我是|法人(?:代表)?|用人|租人|.主|.名)$/;

/** What follows a name and hardly anything else. */
const followedBy =
  /^[ ]?(?:[(（,，、]?[ ]?(?:男|女)(?:[,，;；、)） ]|$)|(?:先生|女士|小姐|同志|同学|老人|师傅|老师|医生|大爷|阿姨|大姐|大哥)(?![一-龥]{0,2}(?:局|厅|院))|[,，(（:： ]{0,2}(?:身份证|手机|电话|联系电话|联系方式|tel|1[3-9][0-9]{9}(?![0-9]))|[,，]? ?(?:出生于|生于|[0-9]{2}岁|现年|今年|今天|现在|目前|家住|户籍|来自|拖欠|反映|投诉))/i;

const doubtful = new Set(
  '成向和于时单都经相官应连高安常方费全万解关明文武商门边党从代付原游花强来伏干司师用满包保能计平'.split(''),
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
  if (!given(0)) return 0;
  const third = text[start + surname + 1] ?? '';
  const usual = (unit: string) => givenCharacters.has(unit) && !notGiven.has(unit);
  // Some surnames are little words far more often: both characters after them must be a name's.
  if (!sure && surname === 1 && doubtful.has(text[start]!)) {
    const [first, between] = [text[start + 1] ?? '', text.slice(start + 2, start + 18)];
    if (!usual(first)) return 0;
    if (followedBy.test(between)) return 2;
    return usual(third) && ends(3) ? 3 : 0;
  }
  const [short, long] = [surname + 1, surname + 2];
  if (ends(short)) return short;
  // After an announcement even an unusual character belongs to the name when it then ends.
  if ((given(1) || (sure && surname === 2 && han.test(third))) && ends(long)) return long;
  // After a word that often stands without a name, only characters that names are made of count.
  if (!sure) {
    if (!usual(text[start + surname] ?? '')) return 0;
    return usual(third) ? long : notGiven.has(third) ? short : 0;
  }
  if (usual(third) && !commonWords.test(text.slice(start + surname + 1, start + surname + 5))) return long;
  return short;
}

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
  '王李张刘陈杨赵周吴徐孙朱胡郭何罗郑梁谢宋唐许邓冯韩曹曾彭肖蔡潘袁董余苏叶吕魏蒋田杜丁沈姜范傅钟卢汪戴崔陆廖姚邹熊谭邱侯邵孟薛阎段雷贺龚郝'.split(
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

const dotted = /^[一-龥]{2,8}[·•][一-龥]{2,8}(?=[^一-龥]|$)/;

export function findNames({ folded }: Reading): Span[] {
  const spans: Span[] = [];
  const take = (start: number, length: number) => {
    if (length > 0) spans.push({ type: 'NAME', start, end: start + length });
  };
  const whole = folded.trim();
  if (/^[一-龥]{2,4}$/.test(whole) && nameAt(whole, 0, false) === whole.length && !commonWords.test(whole))
    take(folded.indexOf(whole), whole.length);
  for (const match of folded.matchAll(announced)) {
    const start = match.index + match[0].length;
    const withDot = dotted.exec(folded.slice(start, start + 20));
    if (withDot) take(start, withDot[0].length);
    else if (!commonWords.test(folded.slice(start, start + 4)))
      take(start, nameAt(folded, start, /[:：]/.test(match[0]) || !weak.test(match[0].trim())));
  }
  for (const { 1: name, index } of folded.matchAll(standing)) {
    const end = index + name!.length;
    if (commonWords.test(name!) || !followedBy.test(folded.slice(end, end + 16))) continue;
    if (nameAt(folded, index, false) === name!.length) take(index, name!.length);
  }
  for (const [start, length] of listedNames(folded)) take(start, length);
  for (const { index } of folded.matchAll(free)) {
    if (!commonWords.test(folded.slice(index, index + 4))) take(index, freeName(folded, index));
  }
  if (/[·•]/.test(folded))
    for (const { 1: name, index } of folded.matchAll(minority)) take(index, name!.length);
  for (const { 1: before, 2: name, index } of folded.matchAll(signature)) {
    const start = index + before!.length;
    if (nameAt(folded, start, false) === name!.length && !commonWords.test(name!)) take(start, name!.length);
  }
  return spans;
}

/** A name among its neighbours: at the beginning, after a sign, or after words that stand before names. */
const standing =
  /(?<=^|[\s,.;:!?()，。；：！？（）、“”"\n]|[和与找给叫让向请由是为]|联系)(?=([一-龥]{2,4}?)(?:[ ,，、]?[(（]?[男女](?:[,，;；、)） 性]|$)|先生|女士|小姐|同志|同学|老人|[,，(（:： ]{0,2}(?:身份证|手机|电话|联系电话|联系方式|1[3-9][0-9]{9}(?![0-9]))|[,，]? ?(?:出生于|生于|[0-9]{2}岁|现年|今年[0-9]{2}岁|家住)))/g;

/** Uighur, Kazakh and Tibetan names carry a dot between their parts. */
const minority = /(?<![一-龥·•])(?=([一-龥]{2,6}[·•][一-龥]{2,8})(?![一-龥·•]|[（(]))/g;

/** At the end, after thanks or a line of its own, perhaps with a date. */
const signature =
  /((?:此致|敬礼|谢谢|感谢|敬上|致敬|盼复|[!！。\n])[!！。,，\s]*\n? *(?:—|-|——)? *)([一-龥]{2,4})(?=\s*(?:敬上|上|拜上|呈|谨上)?\s*(?:[0-9]{4}[年./-][0-9年月日./ -]*)?\s*$|[,，] ?(?:电话|手机|户籍|家住|住址|地址|1[3-9]))/g;

/** Words that begin like a surname and are none. */
const commonWords =
  /^(?:高龄|古稀|文字|宿舍|司机|成员|小区|一下|查一|查下|台湾|香港|澳门|高中|高考|高温|马上|马路|何时|何况|方便|方面|方法|安全|安排|安置|文件|文化|明天|明年|金额|金融|程序|江苏|江西|江南|黄色|黄金|石油|白天|于是|任何|任职|成立|成功|成绩|时间|时候|时代|全部|全家|全国|全体|单位|单独|单身|计划|计算|应该|应当|解决|解除|管理|管辖|万元|万一|严重|严格|连续|连接|强制|强烈|华为|路口|路灯|车辆|车位|车间|包括|包含|包工|边上|曾经|常年|常常|符合|关于|关心|关注|项目|向上|向前|许多|许可|齐全|盛大|池塘|原来|原因|官方|商店|商户|商业|和谐|都是|都有|来自|来电|来信|查询|查处|相关|师傅|和平|党员|乐于|易于|房子|房产|房东|花费|花园|米兰|保险|保障|保安|木材|武汉|广东|国家|海南|湖南|云南|河南|毕业|毕竟|习惯|温度|温馨|习题|党委|祝您|祝福|景区|景点|冷水|冷静|欧洲|阳光|阳台|谈话|商量|简单|简历|燕子|从来|付款|代理|代表|代办|申请|申报|尤其|左右|古城|游客|游泳|封闭|封路|平时|康复|童年|成都|辛苦|盖章|盖房|荣誉|钟点|龙头|兰州|石头|贺卡|牛奶|伏天|别人|时常|全省|全市|全县|经常|能够|莫名|花钱)/;
