import { type Text, text } from '#shared/lang.ts';

export const servicesTexts = {
  title: text('服务目录', 'Services'),
  help: text(
    '写在这里的服务，答复留言时一点就能插入：对象、地点、网址、电话、材料。',
    'What stands here is put into an answer with one press: for whom, where, online, phone, papers.',
  ),
  empty: text('还没有服务。', 'No service yet.'),
  add: text('添加服务', 'Add a service'),
  edit: text('修改', 'Edit'),
  save: text('保存', 'Save'),
  cancel: text('取消', 'Cancel'),
  saved: text('已保存。', 'Saved.'),
  retire: text('停办', 'Retire'),
  offer: text('恢复', 'Offer again'),
  name: text('服务名称', 'Name'),
  forWhom: text('办理对象', 'For whom'),
  place: text('办理地点', 'Where'),
  url: text('网上办理网址', 'Online address'),
  phone: text('咨询电话', 'Telephone'),
  materials: text('所需材料', 'Papers needed'),
  insertNone: text('服务卡片：服务目录里还没有', 'No services yet: see the directory'),
  insert: text('插入服务', 'Insert a service'),
} as const satisfies Record<string, Text>;
