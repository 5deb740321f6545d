/** Personal data of nobody: forms, checksums and prefixes are right, the rest is drawn. */

export type Random = () => number;

export const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
export const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => Math.floor(random() * 10)).join('');
export const between = (random: Random, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1));
export const two = (value: number): string => String(value).padStart(2, '0');
const wide = (value: string) =>
  value.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
/** Draws from pairs of weight and maker. */
const weighed = (random: Random, options: readonly (readonly [number, () => string])[]): string => {
  let rest = random() * options.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, make] of options) {
    rest -= weight;
    if (rest < 0) return make();
  }
  return options[0]![1]();
};

const mobilePrefixes =
  '130 131 132 133 134 135 136 137 138 139 145 147 149 150 151 152 153 155 156 157 158 159 162 165 166 167 170 171 172 173 175 176 177 178 180 181 182 183 184 185 186 187 188 189 190 191 192 193 195 196 197 198 199'.split(
    ' ',
  );

export function mobile(random: Random): string {
  const number = pick(random, mobilePrefixes) + digits(random, 8);
  const [a, b, c] = [number.slice(0, 3), number.slice(3, 7), number.slice(7)];
  return weighed(random, [
    [10, () => number],
    [2, () => `${a}-${b}-${c}`],
    [2, () => `${a} ${b} ${c}`],
    [0.5, () => `${a}.${b}.${c}`],
    [1, () => `+86${number}`],
    [1, () => `+86 ${number}`],
    [0.7, () => `+86-${number}`],
    [0.7, () => `86${number}`],
    [0.5, () => `0086${number}`],
    [0.5, () => `+86 ${a} ${b} ${c}`],
    [0.5, () => `(+86)${number}`],
    [1, () => wide(number)],
  ]);
}

const areaCodes =
  '010 020 021 022 023 024 025 027 028 029 0311 0371 0431 0512 0532 0571 0591 0631 0731 0755 0771 0791 0851 0871 0891 0915 0931 0971 0991'.split(
    ' ',
  );

export function landline(random: Random): string {
  const code = pick(random, areaCodes);
  const number = between(random, 2, 8) + digits(random, code.length === 3 || random() < 0.5 ? 7 : 6);
  return weighed(random, [
    [6, () => `${code}-${number}`],
    [2, () => `${code}${number}`],
    [1, () => `${code} ${number}`],
    [1, () => `(${code})${number}`],
    [1, () => `（${code}）${number}`],
    [0.5, () => `+86-${code.slice(1)}-${number}`],
    [0.5, () => `${code}－${number}`],
    [0.5, () => `${code}—${number}`],
  ]);
}

export const withExtension = (random: Random): string =>
  `${pick(random, areaCodes)}-${between(random, 2, 8)}${digits(random, 7)}${pick(random, ['-802', '转8021', '转301', '-8123', ' 转 6'])}`;

const regions =
  '110101 110108 120103 130102 140105 150102 210102 220104 230103 310104 320106 330102 340104 350102 360103 370202 410105 420106 430103 440305 450103 460105 500112 510104 520103 530112 540102 610113 620102 630103 640104 650102'.split(
    ' ',
  );
const birthday = (random: Random) =>
  `${between(random, 1938, 2019)}${two(between(random, 1, 12))}${two(between(random, 1, 28))}`;

function idWithCheck(random: Random, shift = 0): string {
  const head = pick(random, regions) + birthday(random) + digits(random, 3);
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, at) => total + weight * Number(head[at]), 0);
  return head + '10X98765432'[(sum + shift) % 11];
}

export function identity(random: Random): string {
  const id = idWithCheck(random);
  return weighed(random, [
    [8, () => id],
    [1, () => id.toLowerCase()],
    [1, () => `${id.slice(0, 6)} ${id.slice(6, 14)} ${id.slice(14)}`],
    [0.7, () => `${id.slice(0, 6)}-${id.slice(6, 14)}-${id.slice(14)}`],
    [0.5, () => `${id.slice(0, 6)} ${id.slice(6, 10)} ${id.slice(10, 14)} ${id.slice(14)}`],
    [0.7, () => wide(id)],
  ]);
}
export const wrongIdentity = (random: Random): string => idWithCheck(random, between(random, 1, 10));
export const plainIdentity = (random: Random): string => idWithCheck(random);
export const oldIdentity = (random: Random): string =>
  pick(random, regions) + birthday(random).slice(2) + digits(random, 3);

function luhnDigit(head: string): string {
  const sum = [...head].reverse().reduce((total, sign, at) => {
    const digit = Number(sign);
    return total + (at % 2 === 1 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}
const bins: readonly (readonly [string, number])[] = [
  ['622202', 19],
  ['622848', 19],
  ['621700', 19],
  ['622700', 19],
  ['621661', 19],
  ['621226', 19],
  ['622588', 16],
  ['622609', 16],
  ['622155', 16],
  ['625912', 16],
  ['623058', 16],
  ['622261', 17],
  ['621462', 19],
  ['621799', 19],
  ['955880', 19],
  ['436742', 19],
  ['601382', 19],
  ['621098', 19],
  ['622188', 19],
  ['623091', 19],
  ['621539', 18],
  ['603367', 18],
  ['453242', 16],
  ['520082', 16],
  ['356833', 16],
];
export function bankCard(random: Random): string {
  const [bin, length] = pick(random, bins);
  const head = bin + digits(random, length - 7);
  const card = head + luhnDigit(head);
  return weighed(random, [
    [6, () => card],
    [2, () => card.replace(/\d{4}(?=\d)/g, '$& ')],
    [1, () => card.replace(/\d{4}(?=\d)/g, '$&-')],
    [0.5, () => wide(card)],
  ]);
}
export const wrongCard = (random: Random): string => {
  const head = `622202${digits(random, 12)}`;
  return head + ((Number(luhnDigit(head)) + between(random, 1, 9)) % 10);
};

const creditSigns = '0123456789ABCDEFGHJKLMNPQRTUWXY';
export function creditCode(random: Random): string {
  const head =
    pick(random, ['91', '91', '92', '52', '12', '11', '93']) +
    pick(random, regions) +
    digits(random, 8).replace(/^\d/, () => pick(random, [...'0123MA'])) +
    pick(random, [...creditSigns.replace(/[A-Z]/g, ''), 'X']);
  let sum = 0;
  for (let at = 0; at < 17; at += 1) sum += creditSigns.indexOf(head[at]!) * (3 ** at % 31);
  return head + creditSigns[(31 - (sum % 31)) % 31];
}

export const passport = (random: Random): string =>
  weighed(random, [
    [5, () => `E${digits(random, 8)}`],
    [2, () => `G${digits(random, 8)}`],
    [2, () => `E${pick(random, [...'ABCDEFGHJK'])}${digits(random, 7)}`],
    [1, () => `${pick(random, ['D', 'S', 'P'])}${digits(random, 8)}`],
    [1, () => `${pick(random, ['DE', 'SE', 'PE'])}${digits(random, 7)}`],
  ]);
export const permit = (random: Random): string =>
  pick(random, ['C', 'C', 'W']) +
  (random() < 0.3 ? pick(random, [...'ABCD']) + digits(random, 7) : digits(random, 8));

const plateLetters = [...'ABCDEFGHJKLMNPQRSTUVWXYZ'];
export function plate(random: Random): string {
  const head =
    pick(random, [...'京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新']) +
    pick(random, plateLetters);
  return weighed(random, [
    [5, () => head + digits(random, 5)],
    [3, () => head + pick(random, plateLetters) + digits(random, 4)],
    [1, () => head + digits(random, 3) + pick(random, plateLetters) + pick(random, plateLetters)],
    [2, () => `${head}·${digits(random, 4)}${pick(random, plateLetters)}`],
    [2, () => `${head}D${digits(random, 5)}`],
    [1, () => `${head}F${pick(random, plateLetters)}${digits(random, 4)}`],
    [1, () => `${head}${digits(random, 5)}D`],
    [1, () => `${head} ${digits(random, 5)}`],
    [0.7, () => `${head}${digits(random, 4)}${pick(random, [...'警学挂'])}`],
  ]);
}

export function hongKongId(random: Random): string {
  const head = pick(random, [...'ACDEGHKPRVYZ']) + digits(random, 6);
  const sum = [
    36,
    ...[...head].map((sign, at) => (at === 0 ? sign.charCodeAt(0) - 55 : Number(sign))),
  ].reduce((total, value, at) => total + value * (9 - at), 0);
  const check = (11 - (sum % 11)) % 11;
  return `${head}(${check === 10 ? 'A' : check})`;
}
export function taiwanId(random: Random): string {
  const letters = 'ABCDEFGHJKLMNPQRSTUVXYWZIO';
  const letter = pick(random, [...letters]);
  const code = letters.indexOf(letter) + 10;
  const body = pick(random, ['1', '2']) + digits(random, 7);
  const sum =
    Math.floor(code / 10) +
    (code % 10) * 9 +
    [...body].reduce((total, sign, at) => total + Number(sign) * (8 - at), 0);
  return letter + body + ((10 - (sum % 10)) % 10);
}
export const military = (random: Random): string =>
  `${pick(random, [...'军士文武海空后'])}字第${digits(random, pick(random, [7, 8]))}号`;

const surnames = [
  ...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺',
];
const compounds =
  '欧阳 上官 司马 诸葛 夏侯 皇甫 尉迟 公孙 慕容 令狐 司徒 端木 东方 南宫 独孤 闻人 长孙 宇文'.split(' ');
const given = [
  ...'伟芳娜秀英敏静丽强磊军洋勇艳杰涛明超霞平刚桂兰文辉玲红华建国志海波宇浩欣怡梓涵子轩雨泽俊豪佳琪思颖慧婷雪梅莉春凤兴福贵德忠良才根生水木金土火林森山川河江云霄鹏飞翔龙虎彪斌武成功胜利民富荣庆祥瑞安康宁永长久远大小宝珍珠玉翠莲荷菊香花妹姣娥姗妮媛婕琳瑶瑾璇晨曦阳旭东南西北立新正义仁和平',
];
const minority =
  '阿依古丽·买买提 古丽娜尔·艾合买提 迪丽热巴·迪力木拉提 买买提·吐尔逊 艾山江·阿不都热合曼 扎西·次仁 努尔兰·哈斯木 玛依拉·库尔班'.split(
    ' ',
  );

/** Shares of surnames as they are: the first hundred are most people. */
export function personName(random: Random): string {
  const share = random();
  if (share < 0.03) return pick(random, minority);
  const own =
    share < 0.08 ? pick(random, compounds) : pick(random, share < 0.85 ? surnames.slice(0, 120) : surnames);
  const first = pick(random, given);
  return own + first + (random() < 0.78 ? pick(random, given) : '');
}

export function address(random: Random): string {
  const region = pick(random, [
    '北京市海淀区',
    '上海市浦东新区',
    '广东省深圳市南山区',
    '长沙市岳麓区',
    '湖南省长沙市雨花区',
    '四川省成都市武侯区',
    '浙江省杭州市余杭区',
    '江苏省苏州市昆山市',
    '河南省郑州市金水区',
    '山东省济南市历下区',
    '湖北省武汉市洪山区',
    '重庆市渝北区',
    '新疆维吾尔自治区乌鲁木齐市天山区',
    '广西壮族自治区南宁市青秀区',
    '云南省楚雄彝族自治州武定县',
    '陕西省西安市雁塔区',
    '福建省厦门市思明区',
    '天津市和平区',
    '河北省石家庄市长安区',
  ]);
  const road = pick(random, [
    '解放路',
    '人民东路',
    '建设大道',
    '中山北路',
    '科技南十二路',
    '学院街',
    '和平里大街',
    '滨江东道',
    '文昌巷',
    '望江路',
    '长江西路',
  ]);
  const estate = pick(random, [
    '阳光花园',
    '锦绣家园',
    '金色港湾小区',
    '翠湖天地',
    '幸福里小区',
    '万科城市花园',
    '御景湾',
    '碧桂园',
    '恒大绿洲',
  ]);
  const village = pick(random, ['和平村', '东风村', '大桥村', '李家湾村', '石板村', '白马村']);
  const town = pick(random, ['狮山镇', '城关镇', '望城坡街道', '白果乡', '东山街道', '龙泉镇']);
  const number = between(random, 1, 999);
  return pick(random, [
    `${region}${road}${number}号`,
    `${region}${road}${number}号${between(random, 1, 30)}栋${between(random, 1, 6)}单元${between(random, 101, 2808)}室`,
    `${region}${town}${road}${number}号`,
    `${region}${estate}${between(random, 1, 30)}栋${between(random, 101, 2808)}室`,
    `${region}${estate}${between(random, 1, 30)}号楼${between(random, 1, 6)}单元${between(random, 101, 2808)}`,
    `${region}${town}${village}${between(random, 1, 18)}组`,
    `${region}${town}${village}${between(random, 1, 18)}组${between(random, 1, 90)}号`,
    `${region}${road}${number}号${estate}${pick(random, ['A', 'B', '3', '7'])}座${between(random, 101, 2808)}`,
    `${region}${road}${number}弄${between(random, 1, 60)}号${between(random, 101, 808)}室`,
    `${region}${town}${estate}${between(random, 1, 30)}幢${between(random, 1, 6)}单元${between(random, 101, 2808)}室`,
    `${region}${road}${number}号院${between(random, 1, 12)}号楼`,
  ]);
}

export const email = (random: Random): string =>
  pick(random, [
    'zhang.san',
    'lihua_88',
    'wq2020',
    'chen-yu',
    'a',
    'Liu.Wei',
    'user+tag',
    'x_y.z',
    '13800138000',
    'WANGFANG',
  ]) +
  digits(random, between(random, 0, 3)) +
  pick(random, [
    '@qq.com',
    '@163.com',
    '@gmail.com',
    '@mail.gov.cn',
    '@126.com',
    '@sina.com.cn',
    '@outlook.com',
    '@foxmail.com',
    '@hs.edu.cn',
    '@139.com',
  ]);

export const servicePhone = (random: Random): string =>
  weighed(random, [
    [4, () => `400-${between(random, 100, 999)}-${digits(random, 4)}`],
    [1, () => `800-${between(random, 100, 999)}-${digits(random, 4)}`],
    [1, () => `400${between(random, 1, 9)}${digits(random, 6)}`],
    [1, () => `400 ${between(random, 100, 999)} ${digits(random, 4)}`],
    [0.7, () => `400-${between(random, 1000, 9999)}-${digits(random, 3)}`],
  ]);
export const postcode = (random: Random): string => `${between(random, 10, 85)}${digits(random, 4)}`;
