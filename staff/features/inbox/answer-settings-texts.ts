import { type Text, text } from '#shared/lang.ts';

export const answerSettingsTexts = {
  review: text('答复审核', 'Review of answers'),
  reviewHelp: text(
    '符合任何一项的答复，先由审核人通过，再发给群众。',
    'An answer that meets one of these is approved by a reviewer before it goes out.',
  ),
  reviewKinds: text('类型', 'Kinds'),
  reviewUrgencies: text('紧急程度', 'Urgency'),
  reviewFields: text('业务', 'Fields'),
  askSatisfaction: text(
    '私信答复后附一句“是否满意”，群众回 1 或 2',
    'Ask below private answers whether the person is satisfied',
  ),
  knowledge: text('知识库', 'Knowledge base'),
  knowledgeReviewMonths: text(
    '由公开答复存入的条目，几个月后复核',
    'Months until an entry made of a public answer is reviewed',
  ),
  templates: text('常用答复', 'Templates'),
  templatesHelp: text('可用 {names}，插入时自动填好。', '{names} are filled in when it is inserted.'),
  name: text('名称', 'Name'),
  words: text('内容', 'Words'),
  add: text('添加', 'Add'),
  remove: text('删除', 'Remove'),
  automatic: text('自动回复', 'Automatic first answer'),
  automaticHelp: text(
    '群众来私信时立即回一句，每人每天最多一次，并总会说明工作人员几天内答复。涉及欠薪、受伤、危险的来信不自动回复，改为通知值班人员。规则从上往下，先符合的先用。菜单按钮的关键词写进规则的词里，点一次回一次。上下班按工作日历，节假日和调休都算。',
    'A word at once for private messages, once a day and person, always saying by when a person answers. Never where wages, injury or danger are spoken of. The first rule that fits is used. The key of a menu button among the words of a rule is answered each time. Hours follow the working calendar.',
  ),
  automaticOn: text('启用自动回复', 'Answer automatically'),
  offerAnswers: text(
    '有完全对得上的公开答复时，附上它的网址',
    'Add the address of a public answer that surely fits',
  ),
  from: text('上班', 'Office opens'),
  to: text('下班', 'Office closes'),
  ruleWords: text(
    '出现这些词时（不填：所有来信；一两个字的要整句相同）',
    'With one of these words (none: every message)',
  ),
  ruleText: text('回复内容', 'What is said'),
  ruleOn: text('启用', 'On'),
  outsideOnly: text('只在下班时间', 'Outside hours only'),
  up: text('上移', 'Move up'),
  addRule: text('添加一条规则', 'Add a rule'),
  newRule: text('下班时间', 'Outside hours'),
  newRuleText: text(
    '您好，现在是下班时间，您的留言已经收到。',
    'The office is closed now; your message has arrived.',
  ),
} as const satisfies Record<string, Text>;
