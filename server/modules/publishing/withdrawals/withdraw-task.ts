import { AppError } from '#server/base/app-error.ts';
import { text } from '#shared/lang.ts';
import { findDelivery } from '../store.ts';
import type { TaskKindOwner } from '../tasks/kind.ts';
import { changeTarget, findOpenTarget } from './store.ts';
import { markGone } from './take-away.ts';

const instructions = [
  text(
    '在平台上登录这个账号，打开下面的作品链接；没有链接的，在“作品管理”里找到它。',
    'Sign in to this account on the platform and open the link below; without a link, find the post in its list.',
  ),
  text(
    '删除作品；平台不让删除的，改为“仅自己可见”。',
    'Delete the post; where the platform does not let you, make it visible to yourself alone.',
  ),
  text(
    '退出登录后再打开一次链接，确认别人已经看不到。',
    'Sign out and open the link again: nobody else may see it.',
  ),
  text(
    '截一张图，在下面提交，由另一位同事核对。',
    'Take a screenshot and send it below; a colleague checks it.',
  ),
];

/** A post that a person takes away; no link can prove that something is gone. */
export const withdrawTask: TaskKindOwner = {
  kind: 'withdraw',
  describe: async (_app, _tx, task) => ({
    instructions,
    copy: task.copy.map((part) => ({ ...part, fit: null })),
    media: [],
    pictures: [],
  }),
  findLink: null,
  async onVerified(app, tx, task, _proof, who) {
    const delivery = await findDelivery(tx, task.bureau_id, task.subject_id, true);
    if (!delivery) throw new AppError('not-found');
    if (delivery.state === 'published') await markGone(app, tx, who, delivery, 'person');
    const target = await findOpenTarget(tx, task.bureau_id, task.subject_id);
    if (target) await changeTarget(tx, target, { state: 'gone', wakeInMs: null });
  },
};
