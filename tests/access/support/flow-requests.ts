/** Requests of what surrounds a post: registration, figures, tasks by hand, withdrawal. */
import * as corrections from '#shared/corrections.ts';
import * as figures from '#shared/figures.ts';
import { listQuotas } from '#shared/quotas.ts';
import * as registrations from '#shared/registrations.ts';
import type { Route } from '#shared/route.ts';
import * as tasks from '#shared/tasks.ts';
import * as withdrawals from '#shared/withdrawals.ts';
import type { MakeRequest } from './make-request.ts';
import { marker } from './marker.ts';
import type { Input } from './send.ts';
import type { Things } from './things.ts';

const none = async (): Promise<Input> => ({});
const reason = '权限检查';

export function makeFlowRequests(
  things: Things,
  formOf: (bytes: Uint8Array, type: string, name: string) => FormData,
  picture: Uint8Array,
): [Route, MakeRequest][] {
  const accountId = things.accounts.get('weibo')!;
  const deliveryId = things.published.siteDeliveryId;
  const sheet = Buffer.from('账号,标题,链接,发布时间\n某,某,https://weibo.com/1/Nabc123,2026-01-02 10:00\n');
  const posted = () => ({
    accountId: things.accounts.get('xiaohongshu')!,
    pasted: things.postLink(),
    title: `${marker}登记`,
    publishedWall: '2026-01-02 10:00',
  });
  return [
    [listQuotas, none],
    [figures.listFigures, none],
    [figures.listDueFigures, none],
    [figures.getFigures, async () => ({ params: { deliveryId } })],
    [
      figures.checkPastedFigures,
      async () => ({ body: { pasted: '12', deliveryIds: [], metrics: ['reads'], asOfWall: null } }),
    ],
    [
      figures.readFigureSheet,
      async () => ({
        form: () => formOf(Buffer.from('链接,阅读\nhttps://a.example/1,3\n'), 'text/csv', '数据.csv'),
      }),
    ],
    [
      figures.saveFigures,
      async () => ({
        body: {
          capture: 'hand',
          rows: [{ deliveryId: things.published.siteDeliveryId, asOfWall: null, totals: { reads: 3 } }],
        },
      }),
    ],
    [figures.getFigureSheet, none],
    [figures.listAccountFigures, async () => ({ params: { accountId } })],
    [
      figures.saveAccountFigures,
      async () => ({ params: { accountId }, body: { asOfWall: null, totals: { followers: 9 } } }),
    ],
    [registrations.checkRegistration, async () => ({ body: posted() })],
    [registrations.registerPosts, async () => ({ body: { rows: [posted()] } })],
    [
      registrations.readRegistrationSheet,
      async () => ({ form: () => formOf(sheet, 'text/csv', '登记.csv') }),
    ],
    [
      registrations.removeRegistration,
      async () => ({ params: { deliveryId: await things.registered() }, body: { reason } }),
    ],
    [registrations.getRegistrationTemplate, none],
    [tasks.getHandOff, async () => ({ params: { token: (await things.handOff()).token } })],
    [tasks.openHandOff, async () => ({ params: { token: (await things.handOff()).token }, body: {} })],
    [tasks.askAppLink, async () => ({ params: { token: (await things.handOff()).token }, body: {} })],
    [
      tasks.proveHandOff,
      async () => ({
        params: { token: (await things.handOff()).token },
        body: { pasted: `看这里 https://www.xiaohongshu.com/explore/66f0c1d2000000001e03abcd` },
      }),
    ],
    [
      tasks.claimHandOff,
      async () => ({
        params: { token: (await things.handOff()).token },
        form: () => formOf(picture, 'image/jpeg', '截图.jpg'),
      }),
    ],
    [tasks.listTasks, none],
    [
      tasks.assignTask,
      async () => ({ params: { taskId: (await things.handOff()).taskId }, body: { personId: null } }),
    ],
    [
      tasks.checkTask,
      async () => ({
        params: { taskId: (await things.handOff('claimed')).taskId },
        body: { verdict: 'returned', reason },
      }),
    ],
    [
      withdrawals.withdrawArticle,
      async () => {
        const { articleId } = await things.approved();
        return { params: { articleId }, body: { reason } };
      },
    ],
    [
      withdrawals.withdrawDelivery,
      async () => ({ params: { deliveryId: await things.registered() }, body: { reason } }),
    ],
    [withdrawals.listWithdrawals, none],
    [
      corrections.submitCorrection,
      async () => {
        await things.correction('withdrawn');
        return { params: { articleId: things.published.articleId }, body: { text: marker, reason } };
      },
    ],
    [
      corrections.withdrawCorrection,
      async () => ({ params: { correctionId: await things.correction('published') }, body: { reason } }),
    ],
    [
      corrections.beginCorrectionPost,
      async () => ({ params: { correctionId: await things.correction('published') } }),
    ],
    [corrections.listCorrections, async () => ({ params: { articleId: things.published.articleId } })],
  ];
}
