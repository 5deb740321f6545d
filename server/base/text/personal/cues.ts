/** Words before a number that say what it is. Each must stand just before it, with at most a few words between. */
import type { Reading } from './spans.ts';

/** What may stand between a cue and its number: "号码（必填）是：". */
const between = String.raw`[^0-9,.;!?，。；！？、\n]{0,8}(?:no\.)?[(（:： ]*$`;

const cue = (words: string) => new RegExp(`(?:${words})${between}`, 'i');

export const cues = {
  id: cue('身份证|身份号码|证件号|证件编号|公民身份|社会保障号|身份证件|有效证件|ID ?card|sfz|证号'),
  driver: cue('驾驶证|驾照|驾驶执照'),
  bank: cue(
    '银行卡|我的卡|卡号|储蓄卡|信用卡|借记卡|账号|账户|帐号|帐户|工资卡|存折|开户|收款|汇款|打款|转账|[农工建中商交招邮民]行',
  ),
  social: cue(
    '(?:社保卡?|社会保障卡?|医保卡?|个人|养老保险|参保|失业保险|公积金)(?:账号|帐号|编号|卡号|号)|社保卡|社会保障卡|医保卡',
  ),
  passport: cue('护照|passport|通行证|回乡证|旅行证|台胞证'),
  phone: cue('电话|手机|座机|固话|联系|致电|拨打|来电|号码|热线|传真|tel|phone|mobile|微信|打给|回电'),
  chat: /(?:微信号?|威信|薇信|v信|\bwx|\bvx|wechat|加v)(?:号|账号|id)?[^0-9a-z,.;，。；\n]{0,5}$/i,
  qq: /(?:qq|扣扣|企鹅)(?:号码?|账号)?[^0-9a-z,.;，。；\n]{0,5}$/i,
  /** Asked for or doubted as well: "邮编是610880还是010338？" */
  postcode:
    /(?:邮 {0,4}编|邮政编码|邮码|邮政编号)[^0-9,.;，。；、\n]{0,10}(?:[0-9]{6}[或者还是和与、/, ]{1,4}){0,2}$/,
  /** Before an identity number of Hong Kong without brackets: a form may have asked for the kind of document first. */
  hongKong: /(?:香港|港籍|港澳居民|HKID)[^0-9\n]{0,24}$/i,
  /** Whoever stands there takes calls: short codes and numbers without marks belong to a service. */
  service:
    /(?:(?:客服|服务|咨询|售后|投诉|举报|监督|维权)(?:电话|热线|专线|号码)?|(?:客服|技术)支持|热线|专线|(?:拨打|致电|[打拨][了过]?)[^0-9,.;，。；、\n]{0,4})[^0-9,.;，。；、\n]{0,3}$/,
  /** Strictly a label: in a sentence ("请咨询12333") the number is only told. */
  hotline:
    /(?:客服(?:电话|热线|专线|号码)? ?|(?:客服|客户服务|服务|咨询)(?:电话|热线|专线|号码)?(?:是|为|:) {0,2})$/,
  uscc: cue('信用代码|(?<![一-龥])代码|税号|识别号|机构代码|营业执照|注册号'),
  military: cue(
    '[军士警]官证|士兵证|文职(?:干部|人员)?证|军人(?:身份)?证|(?:军官|军人|士兵|士官|文职)证?[^0-9\\n]{0,8}证件?(?:号|编号)',
  ),
} as const;

/** Numbers of things: orders, files, parcels. Words that stand just before say so. */
const thing =
  /(?:订单|单号|流水|快递|运单|工单|编号|序号|案号|文号|发票|合同|批号|货号|型号|受理号|受理编码|条码|代码|凭证|设备|票号|车次|航班|图号|版本|金额|合计|总额|共计|页码|产品|资产|串号|回执|编码|备案|登记号|许可证|批准|标准号|验证码|交易)[^0-9，。；\n]{0,5}$/;

export const namesThing = (reading: Reading, start: number): boolean => thing.test(reading.before(start, 14));

/** Strictly the numbers of a purchase, a parcel or a file; nobody calls a telephone so. */
export const namesOrder = (reading: Reading, start: number): boolean =>
  /(?:订单|单号|流水|快递单|运单|工单|案号|文号|发票|合同)[^0-9，。；\n]{0,5}$/.test(
    reading.before(start, 12),
  );
