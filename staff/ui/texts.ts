import { type Text, text } from '#shared/lang.ts';

export const uiTexts = {
  loadMore: text('再看一些', 'Show more'),
  loading: text('正在读取…', 'Loading…'),
  tryAgain: text('重试', 'Try again'),
  failed: text('没有成功', 'That did not work'),
  copied: text('已复制', 'Copied'),
  copyFailed: text(
    '浏览器不允许复制，请长按文字手动复制',
    'The browser refused; select the text and copy it by hand',
  ),
  copy: text('复制', 'Copy'),
  cancel: text('取消', 'Cancel'),
  reason: text('原因', 'Reason'),
  reasonNeeded: text('请写明原因', 'Say why'),
  brand: text('回声', 'Huisheng'),
  chart: text('{label}：{start} {from}，{end} {to}', '{label}: {from} on {start}, {to} on {end}'),
  added: text('新增：', 'Added: '),
  removed: text('删除：', 'Removed: '),
  block: text('必须修改', 'Must be mended'),
  warn: text('请留意', 'Look at this'),
  notFound: text('没有这一页', 'There is no such page'),
  notFoundHelp: text(
    '地址可能已经变化。请从首页的列表进入。',
    'The address may have changed. Start from the list on the home page.',
  ),
  home: text('回到首页', 'Go home'),
  nothingHere: text(
    '没有找到要看的内容：地址可能不完整，或者内容已经不在了。',
    'Nothing was found here: the address may be incomplete, or what it led to is gone.',
  ),
  unsavedTitle: text('有修改还没有保存', 'Changes are not saved'),
  unsavedHelp: text('现在离开，这些修改会丢失。', 'If you leave now they are lost.'),
  stay: text('留在本页', 'Stay'),
  leave: text('不保存，离开', 'Leave without saving'),
} as const satisfies Record<string, Text>;
