/**
 * Addresses fine enough to find a door. Down to township or street office they may stand in public; what is finer is
 * masked. A road or a village without a number is a place, not an address, but for a village that is said to be a home.
 */
import type { Reading, Span } from './spans.ts';

export type Address = Span & { /** Up to here it may stand. */ keep: number };

const name = (longest: number) => `[一-龥]{1,${longest}}?`;
const provinces =
  '北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆';
const region = `(?:(?:北京|天津|上海|重庆)市?|(?:[A-Z一-龥]{1,3}?|内蒙古|黑龙江)省|(?:内蒙古|广西壮族|宁夏回族|新疆维吾尔|西藏)自治区|广西|宁夏|新疆|西藏|内蒙古)`;
const city = `(?:(?:${name(9)}|[A-Z][0-9]{0,2})(?:市|自治州|地区|盟))`;
const county = `(?:(?:${name(6)}|[A-Z][0-9]{1,2})(?:自治县|新区|开发区|高新区|区|县|旗|市))`;
const town = `(?:${name(8)}(?:街道办事处|街道|镇|乡|苏木))`;
const placeEnd =
  '(?:社区|村委会|村|小区|花园|家园|公寓|苑|新城|广场|大厦|大道[东南西北中]?|路[东南西北中]?|[东南西北]道|街|巷|胡同|弄|里|庄|屯|院|园|府|湾|城|坊|居|宿舍|工业园)';
const place = `(?:${name(10)}${placeEnd})`;
/** Several one after another, read as one: every way to part them would be tried. */
const places = `(?:${name(36)}${placeEnd})?`;
const number = `(?:第?[A-Z]?[0-9一二三四五六七八九十]{1,5}(?:[-之][0-9]{1,4}){0,3}[A-Z]?(?:号楼|号院|号房|号|栋|幢|座|单元|室|房|楼|层|村民小组|小组|组|队|弄|排|门|户|社|巷|支路)|[A-Z]座|[0-9A-Z]{1,3}-[0-9]{1,4}(?:-[0-9]{1,4})?|(?<=村)[一-龥]{1,3}组|(?<=[号栋幢座单元楼层门])[0-9]{2,5}|(?<=[号栋幢座单元楼层室梯])[东西南北中左右前后上下]{1,2}[边侧手]?(?:户|室|间|屋|门))`;

/** An estate may be called anything; a number of a building after it tells, but 一栋 and 一座 are any building. */
const estate =
  '(?:(?:(?![的了在有是对和及与共达约现均还从把被我他这那该])[一-龥]){2,8}?(?=第?[0-9A-Z]{1,3}(?:栋|幢|号楼|座|单元|-[0-9]{1,3}-[0-9]{2,4}|号[0-9]{3,4}[室房])|第?[一二三四五六七八九十]{1,3}(?:号楼|单元|[栋幢座][0-9一二三四五六七八九十]{1,4}(?![0-9一二三四五六七八九十层]))))';

/** A house after the number of the street: called anything but an office. */
const house = '(?:(?![局厅所院校委处站部馆的了在有是对和]|行(?!政))[一-龥]){2,8}?';
/** Read once and kept, whatever follows: every way to part it would be tried else. */
const coarsely = `(?=((?:${region} ?)?(?:${city} ?)?(?:${county} ?)?(?:${town} ?)?))\\1`;
const whole = `${coarsely}(${places}${estate}?(?:附?${number} ?){1,6}(?:(?:${place}|${estate}|${house})?(?:附?${number}){1,5})?)`;
const placeName = new RegExp(place);
const estateName = new RegExp(`^${estate}`);
/** Not from within a number: its last digits are no house. */
const pattern = new RegExp(`(?<![0-9](?=[0-9]))${whole}`, 'g');
const anchored = new RegExp(whole, 'y');

/** What tells that a number after a place counts something else. */
const notAddress =
  /^(?:窗口|文|线|令|公告|通知|台|柜|机|考场|地铁|公交|楼梯|电梯|岁|名|个|人|年|月|日|元|左右|晚|早|上午|下午)/;
/** A plot of land or a paper is numbered by year and place: [2018]云溪县038号. */
const ofPaper = /[12][09][0-9]{2} ?年?[\])〕】]$/;
const offices =
  /(?:办公|本局|我局|受理|办理|报名|领取|机构|经办|服务|投递|面试|考试|考点|大厅|活动|会议|培训|招聘会?)(?:的)?(?:地址|地点|场所)[^0-9A-Za-z]{0,3}$/;
/** Right after the address or in brackets whoever sits there; after a comma a firm or a site rather begins the next thing said. */
const officeAfter =
  /^(?:[(（ ]?[一-龥]{0,12}(?:局|大厅|服务中心|委员会|政府|办事处|服务站|所|银行|医院|学校|大学|中学|小学|公司|厂|店|工地|项目)|[,，][一-龥]{0,12}(?:局|大厅|服务中心|委员会|政府|办事处|服务站|银行|医院|学校|大学|中学|小学))/;
/** Words before an address that its first name must not swallow. */
const lead =
  /^.*?(?:(?:住址|地址|户籍(?:所?在?地址?)?|居住地?|现居|住所地?|家住|住|位于|坐落|地处|搬到|请寄|寄到|送到|送至|寄至|送达|搬至|坐落于?|工作地点|房屋坐落|寄往|发往|来到|籍贯)(?:地址)?[是为在于:： ]{0,2}|举报|反映|投诉|[在到是从至]|(?:我们|我|本人)(?:家|小区|村|单位|公司)?)(?=[一-龥A-Z])/;
const firstRegion = new RegExp(`(?:${provinces})(?=[省市]|${name(6)}[省市区县州])`);

/** Every address has a number, or a group of a village: only around these is looked, as looking is dear. */
const numbers = /[0-9A-Z一二三四五六七八九十]|(?<=村)[一-龥]{1,3}组/g;
const [reachBack, reachOn] = [60, 80];

function* candidates(folded: string): Generator<{ start: number; text: string }> {
  let [from, next] = [0, 0];
  for (const { index } of folded.matchAll(numbers)) {
    if (index < next) continue;
    const begin = Math.max(from, index - reachBack);
    pattern.lastIndex = 0;
    const match = pattern.exec(folded.slice(begin, index + reachOn));
    if (match) {
      yield { start: begin + match.index, text: match[0] };
      from = begin + match.index + match[0].length;
      next = from;
    } else next = index + reachOn / 2;
  }
}

/** Where the address itself begins: after the last word that leads to it, or at its province. */
function beginning(text: string): number {
  let from = 0;
  for (
    let found = lead.exec(text);
    found && found[0].length < text.length - 4;
    found = lead.exec(text.slice(from))
  )
    from += found[0].length;
  const province = firstRegion.exec(text.slice(from));
  return from + (province?.index ?? 0);
}

/** After these somebody's home follows: of so small a place as a village or an estate even without a number. */
const homeCue =
  /(?:住址|地址|家住|住在|现住|户籍(?:所?在?地)?|居住[在地]|现居|住所地?|寄到|送到|(?<![一-龥])住)[是为在于: ]{0,3}(?=[一-龥])/g;
const home = new RegExp(
  `(${region}?${city}?${county}?${town}?)${place}{0,2}?[一-龥]{1,8}?(?:村|社区|小区|花园|家园|公寓|屯|庄)(?![一-龥]{0,2}(?:局|所|委会|中心|站|小学|中学))`,
  'y',
);

function* findHomes({ folded, before }: Reading): Generator<Address> {
  for (const { 0: cue, index } of folded.matchAll(homeCue)) {
    const start = index + cue.length;
    home.lastIndex = start;
    const own = home.exec(folded);
    if (!own || own[1]!.length < 3 || offices.test(before(start, 12))) continue;
    yield { type: 'ADDRESS', start, end: start + own[0].length, keep: start + own[1]!.length };
  }
}

export function findAddresses(reading: Reading): Address[] {
  const { folded, before, after } = reading;
  const found: Address[] = [];
  for (const match of candidates(folded)) {
    const start = match.start + beginning(match.text.trimEnd());
    anchored.lastIndex = start;
    const own = anchored.exec(folded);
    if (!own) continue;
    const [all, coarse = '', fine = ''] = own;
    const end = start + all.trimEnd().length;
    const said = /(?:住址|地址|家住|住在|户籍|居住|现住|住|坐落|寄到|送到|送至)[^，。；\n]{0,4}$/.test(
      before(start, 10),
    );
    const named = placeName.test(fine) || estateName.test(fine) || /[市区县镇乡道]$/.test(coarse);
    const apart =
      /[0-9]/.test(fine) &&
      /(?:^|[^一-龥0-9A-Za-z])$/.test(before(start, 1)) &&
      !/^[一-龥0-9A-Za-z]/.test(after(end, 1));
    if (!named || (coarse.length < 2 && !said && !apart)) continue;
    // "我们小区1号栋" says of no place where it is.
    if (
      /^(?:我们?|咱们?|本|该|这个?)?小区$/.test(coarse.trim()) &&
      !placeName.test(fine) &&
      !estateName.test(fine)
    )
      continue;
    if (ofPaper.test(before(start, 8)) || notAddress.test(after(end, 4)) || offices.test(before(start, 12)))
      continue;
    if (!said && officeAfter.test(after(end, 16))) continue;
    found.push({ type: 'ADDRESS', start, end, keep: start + coarse.length });
  }
  return [...found, ...findHomes(reading)];
}
