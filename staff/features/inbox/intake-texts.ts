import { type Text, text } from '#shared/lang.ts';

export const intakeTexts = {
  title: text('录入留言', 'Enter cases'),
  byHand: text('来访、来电、来信', 'Visit, call, letter'),
  channel: text('渠道', 'Way'),
  kind: text('类型', 'Kind'),
  byWords: text('按内容自动判断', 'By the words'),
  words: text('群众说了什么', 'What the person said'),
  name: text('姓名（可不填）', 'Name (optional)'),
  phone: text('联系电话（可不填）', 'Telephone (optional)'),
  address: text('联系地址（可不填）', 'Address (optional)'),
  sealed: text(
    '联系方式加密保存，只有办理人员能看到。',
    'Kept encrypted; only those who handle cases see it.',
  ),
  enter: text('录入', 'Enter'),
  entered: text('已录入并开始计算期限。', 'Entered; its deadline runs.'),
  list: text('导入热线转办件', 'List from a hotline'),
  listHelp: text(
    '支持 .xlsx 和 .csv，必须有：{columns}。有一行不对就整批不导入，并逐行指出；已有的工单编号自动跳过。',
    'An .xlsx or .csv with at least: {columns}. With one faulty row nothing is taken in and every fault is named; known numbers are passed over.',
  ),
  chooseFile: text('选择文件导入', 'Choose a file'),
  templateFile: text('转办件导入模板.csv', 'hotline-template.csv'),
  template: text('下载模板', 'Template'),
  imported: text('已导入 {count} 件。', '{count} taken in.'),
  known: text('另有 {count} 件此前已导入，已跳过：', '{count} were here already: '),
  refused: text('有 {count} 处要修改，整批没有导入。', '{count} faults; nothing was taken in.'),
  line: text('第 {line} 行', 'Row {line}'),
  backToList: text('回到留言列表', 'Back to the list'),
} as const satisfies Record<string, Text>;
