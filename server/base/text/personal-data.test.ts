import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskPersonalData } from './personal-data.ts';

const found = (text: string) =>
  maskPersonalData(text).spans.map(({ type, start, end }) => `${type} ${text.slice(start, end)}`);

describe('personal data is found', () => {
  test.each([
    ['联系电话：13812345678', ['PHONE 13812345678']],
    ['手机：138-1234-5678', ['PHONE 138-1234-5678']],
    ['联系方式：+86 13912345678', ['PHONE +86 13912345678']],
    ['手机号１３８１２３４５６７８', ['PHONE １３８１２３４５６７８']],
    ['电话一三八一二三四五六七八', ['PHONE 一三八一二三四五六七八']],
    ['座机：010-12345678', ['PHONE 010-12345678']],
    ['电话(0731)8234-5678', ['PHONE (0731)8234-5678']],
    ['身份证：110101199003074514', ['ID_CARD 110101199003074514']],
    ['身份证号 110101 19900307 4514', ['ID_CARD 110101 19900307 4514']],
    ['证件号码：33010219200403064x', ['ID_CARD 33010219200403064x']],
    ['身份证号（15位）：150102880730303', ['ID_CARD_15 150102880730303']],
    ['卡号：6222 0210 0111 6245 702', ['BANK_CARD 6222 0210 0111 6245 702']],
    ['驾驶证号：110101199003074518', ['DRIVER_LICENSE 110101199003074518']],
    ['护照号码：E12345678', ['PASSPORT E12345678']],
    ['香港身份证：P174468(6)', ['HK_ID P174468(6)']],
    ['台湾身份证：B221690311', ['TW_ID B221690311']],
    ['军官证号：军字第12345678号', ['MILITARY_ID 军字第12345678号']],
    ['新能源车牌：京AD12345', ['PLATE 京AD12345']],
    ['警车牌照：京A1234警', ['PLATE 京A1234警']],
    ['邮箱duandazhi@126.com，', ['EMAIL duandazhi@126.com']],
    ['微信号：lihua2020', ['CHAT_ID lihua2020']],
    ['社保卡号：A12345678', ['SOCIAL_SECURITY A12345678']],
    ['张三，男，1990年3月7日生', ['NAME 张三', 'BIRTH_DATE 1990年3月7日']],
    ['我叫王强在工地干了三年', ['NAME 王强']],
    ['包工头张建勇拖欠我们工资', ['NAME 张建勇']],
    ['申请人：司马相如 说', ['NAME 司马相如']],
    ['张伟、李娜、王芳三人没有拿到工资', ['NAME 张伟', 'NAME 李娜', 'NAME 王芳']],
    ['姓名：阿依古丽·买买提', ['NAME 阿依古丽·买买提']],
    ['此致 敬礼 王建军 2023年5月6日', ['NAME 王建军']],
    ['家住四川省成都市武侯区望江路29号', ['ADDRESS 四川省成都市武侯区望江路29号']],
    [
      '湖南省 长沙市 芙蓉区 长江西路61号华府一期D1栋1602房',
      ['ADDRESS 湖南省 长沙市 芙蓉区 长江西路61号华府一期D1栋1602房'],
    ],
    ['寄到翡翠豪庭10-3-2706，王强收', ['ADDRESS 翡翠豪庭10-3-2706', 'NAME 王强']],
    ['住址：云溪县枫坝镇福岭村', ['ADDRESS 云溪县枫坝镇福岭村']],
    ['住云溪县枫坝镇福岭村第8村民小组46号', ['ADDRESS 云溪县枫坝镇福岭村第8村民小组46号']],
    ['青年路8号 412810', ['ADDRESS 青年路8号', 'POSTCODE 412810']],
    ['持广字第45154762号军官证', ['MILITARY_ID 广字第45154762号']],
    ['包工头图尔贡·巴合提至今没给钱', ['NAME 图尔贡·巴合提']],
    ['与热孜万古丽·肉孜、曲比·阿木同去', ['NAME 热孜万古丽·肉孜', 'NAME 曲比·阿木']],
    [
      '阿依古丽·买买提·玉素甫和王建军一起去找李秀兰',
      ['NAME 阿依古丽·买买提·玉素甫', 'NAME 王建军', 'NAME 李秀兰'],
    ],
    ['座机0731-84561234转分机305，找人', ['PHONE 0731-84561234转分机305']],
    ['电话：0731-84561234（转305）', ['PHONE 0731-84561234（转305）']],
    ['拨打0731-84561234转3号键', ['PHONE 0731-84561234']],
    ['邮 编：410006', ['POSTCODE 410006']],
    ['邮编是410006还是410008？', ['POSTCODE 410006', 'POSTCODE 410008']],
    ['客服电话：95588', ['SERVICE_PHONE 95588']],
    ['技术支持：4000854825', ['SERVICE_PHONE 4000854825']],
    ['服务热线4008-309-787', ['SERVICE_PHONE 4008-309-787']],
    ['证件类型：军官证，证件号码：空字第887158号', ['MILITARY_ID 空字第887158号']],
    ['转业干部，武字第７８２１７８７５号，军龄26年', ['MILITARY_ID 武字第７８２１７８７５号']],
    ['我是香港人，身份证P1744686，可以办卡吗', ['HK_ID P1744686']],
    ['香港身份证号码P1744687', ['HK_ID P1744687']],
    ['备案电话073184561234', ['PHONE 073184561234']],
    ['港澳通行证：W12345678', ['PASSPORT W12345678']],
    ['公积金账号：120340465117', ['SOCIAL_SECURITY 120340465117']],
    [
      '现住长沙市雨花区金色家园七单元５楼西户，邮编410007',
      ['ADDRESS 长沙市雨花区金色家园七单元５楼西户', 'POSTCODE 410007'],
    ],
    ['家住合肥市包河区书香门第53号601室', ['ADDRESS 合肥市包河区书香门第53号601室']],
    ['住在合肥市瑶海区第一棉纺厂2栋中门601', ['ADDRESS 合肥市瑶海区第一棉纺厂2栋中门601']],
    ['工地在合肥市瑶海区万松园西路555号，项目部欠薪', ['ADDRESS 合肥市瑶海区万松园西路555号']],
    ['我和谭鹏祥、揭萍三个人都没签', ['NAME 谭鹏祥', 'NAME 揭萍']],
    ['委托段龙代为办理', ['NAME 段龙']],
    ['张三、李四等公司员工', ['NAME 张三', 'NAME 李四']],
    ['姓名：蓬慧岚', ['NAME 蓬慧岚']],
    ['员工签名：王　明　李　静　张晓梅', ['NAME 王　明', 'NAME 李　静', 'NAME 张晓梅']],
  ])('in %j', (text, expected) => expect(found(text)).toEqual(expected));
});

/** What a cell holds says the heading of its column. */
describe('in a table', () => {
  const id = '110101199003074514';
  const rows = [
    ['tabs', `姓名\t驾驶证号\t邮编\n王强\t${id}\t410006`],
    ['an empty first cell', `序号\t姓名\t驾驶证号\t邮编\n\t王强\t${id}\t410006`],
    ['bars', `附件：名单\n| 姓名 | 驾照号码 | 邮政编码 |\n|---|---|---|\n| 王强 | ${id} | 410006 |`],
    ['full-width bars', `姓名｜驾驶证｜邮 编\n王强｜${id}｜410006`],
    ['commas', `姓名,驾驶证,金额,邮编\n"王强","${id}","1,200元","410006"`],
    ['full-width commas', `姓名，驾驶证，邮编\n王强，${id}，410006`],
    ['semicolons', `姓名;驾驶证;邮编\n王强;${id};410006`],
    ['wide spaces', `姓 名  驾驶证号  邮 编\n王强  ${id}  410006`],
    ['single spaces', `姓名 驾驶证号 邮编\n王强 ${id} 410006`],
  ] as const;

  test.each(rows)('set with %s', (_name, text) => {
    expect(found(text)).toEqual(['NAME 王强', `DRIVER_LICENSE ${id}`, 'POSTCODE 410006']);
  });

  test('each row is read by the heading above it, until the table ends', () => {
    const text = '单位\t邮编\n三连\t410006\n\n五连\t410007\n手机号,流水号\n13812345678,13912345678';
    expect(found(text)).toEqual(['POSTCODE 410006', 'PHONE 13812345678']);
  });

  test('a tab parts two numbers', () => {
    expect(found('190-9750-8473\t6222 0210 0111 6245 702')).toEqual([
      'PHONE 190-9750-8473',
      'BANK_CARD 6222 0210 0111 6245 702',
    ]);
  });

  test('a column of names holds names', () => {
    expect(found('岗位,姓名\n焊工,尚建业\n会计,占琳美')).toEqual(['NAME 尚建业', 'NAME 占琳美']);
  });

  test('the name in the next column ends no address', () => {
    expect(found('住址,单位\n合肥市瑶海区怡景苑B座1907室,合肥博远服饰有限公司')).toEqual([
      'ADDRESS 合肥市瑶海区怡景苑B座1907室',
    ]);
  });
});

describe('nothing is found', () => {
  test.each([
    '订单号：123456789012345678',
    '编号：12345678901234567890',
    '编号：138123456789',
    '编号：201511221897205960',
    '电话：11111111111',
    '请拨打12333或12345咨询',
    '人社部发〔2020〕26号文件第13条',
    '补贴金额13800000000元',
    '1986.2-1991.11在县总工会任职',
    '张先生您好，王局长好',
    '高中毕业生可以报名参加培训',
    '何时发放养老金？马上要过年了',
    '本人马上就要退休，申请提前办理',
    '联系人社局没有人接，我叫不到车',
    '办公地址：武定县狮山镇罗婺路12号人社局二楼',
    '请到3号窗口办理',
    '武汉、金华、高安三地，安全、方便、高效',
    '138****1234，11************123，王*明',
    '本局地址：云溪县狮山镇罗婺路12号',
    '请将报名表寄到罗婺路12号人社局二楼',
    '习近平总书记强调，就业是最大的民生',
    '人社·医保一窗通办，就业·创业服务',
    '网友“A00077538”：您好',
    '学历认证书编号099619191219',
    '（2015）政字第123456号，文号：文字第123456号，注册号：文字第1234567号',
    '仲裁案号：沈河劳人仲案字〔2022〕第174号',
    '周大福、老凤祥等企业进校园招聘',
    '联系人：苏工',
    '云溪县风光带盖起一栋32层高楼，建成一座座新城，毋容置疑',
    '城郊乡茆田安置区出现违章建筑',
    '我们小区1号栋没有电梯，[2018]云溪县038号地块',
    '设备序列号：C1234569',
    '热线12333今日接听来电35件',
  ])('in %j', (text) => expect(found(text)).toEqual([]));
});

describe('a name that no word announces', () => {
  test.each([
    ['孙国娜称其在工地受伤，冯立志可以作证', ['孙国娜', '冯立志']],
    ['以下是谢思琪的情况说明', ['谢思琪']],
    ['工程由曹洋雪承包，钱是王金健收的', ['曹洋雪', '王金健']],
    ['经吴凯源同意，请高远携带身份证到窗口', ['吴凯源', '高远']],
    ['我们主任郑娜琪不给批，亲属韦川辉代办', ['郑娜琪', '韦川辉']],
    ['罗宁春和侯乐欣一起去的', ['罗宁春', '侯乐欣']],
    ['投保人为欧阳静，受益人：皮松莲', ['欧阳静', '皮松莲']],
  ] as const)('%s', (text, names) => {
    expect(maskPersonalData(text).spans.map(({ start, end }) => text.slice(start, end))).toEqual(names);
  });

  test.each([
    '为何面向社会的热线没人接，任何理由都不成立',
    '周末加班不算工资，陈述的情况属实，对党忠诚',
    '高速公路噪音严重，杜鹃路和江山帝景附近最吵',
    '感谢政府关心，和维权的同事谈恋爱是私事',
    '余万元工资没发，代课老师也没有，此致敬礼',
  ])('is not in %s', (text) => {
    expect(maskPersonalData(text).spans).toEqual([]);
  });
});

describe('a mask', () => {
  test.each([
    ['电话13812345678', '电话138****5678'],
    ['电话+86 138-1234-5678', '电话+86 138-****-5678'],
    ['身份证11010119900307451X', '身份证11*************51X'],
    ['段正淳', '段**'],
    ['北京市海淀区马连洼街道289号', '北京市海淀区马连洼街道****'],
    ['duandazhi@126.com', 'd********@126.com'],
    ['银行卡号6222021001116245702', '银行卡号***************5702'],
    ['客服电话：400-123-4567', '客服电话：400-123-4567'],
    ['统一社会信用代码：91110000100000000A', '统一社会信用代码：91110000100000000A'],
  ])('of %j is %j', (text, masked) => expect(maskPersonalData(text).masked).toBe(masked));

  const piece = fc.oneof(
    fc.constantFrom(
      '，',
      '电话',
      '身份证',
      '我叫',
      '王小明',
      '13812345678',
      '110101199003074514',
      '路12号',
      ' ',
      '\n',
    ),
    fc.string({ unit: 'grapheme', maxLength: 6 }),
  );
  const anyText = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''));

  test('keeps the length and whatever was not found', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { masked, spans } = maskPersonalData(text);
        expect(masked).toHaveLength(text.length);
        let from = 0;
        for (const { start, end } of [...spans, { start: text.length, end: text.length }]) {
          expect(start).toBeGreaterThanOrEqual(from);
          expect(masked.slice(from, start)).toBe(text.slice(from, start));
          from = end;
        }
      }),
    );
  });

  test('leaves no telephone and no identity number readable, whatever stands around them', () => {
    const phone = fc
      .integer({ min: 0, max: 99_999_999 })
      .map((tail) => `139${String(tail).padStart(8, '0')}`);
    const around = fc.constantFrom('，', '。', '我的电话', '是', '（', ' ', '请打', '');
    fc.assert(
      fc.property(phone, around, around, (number, before, after) => {
        expect(maskPersonalData(`${before}${number}${after}`).masked).not.toContain(number);
      }),
    );
  });
});
