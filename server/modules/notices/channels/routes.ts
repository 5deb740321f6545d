import { robots } from '#connectors/robots.ts';
import { AppError } from '#server/base/app-error.ts';
import { type RouteSet, serve } from '#server/base/http/serve.ts';
import { newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import {
  createNoticeChannel,
  getNoticePreferences,
  listNoticeChannels,
  type MailChoice,
  type NoticeChannel,
  saveNoticePreferences,
  testMyMail,
  testNoticeChannel,
  updateNoticeChannel,
} from '#shared/notice-channels.ts';
import type { NoticeKind } from '#shared/notices.ts';
import { changeChannel, createChannel, sendTest } from './change-channels.ts';
import { openMail, sealMail } from './seals.ts';
import {
  ensureMailChannel,
  findChannel,
  findLastMail,
  findPreferences,
  listChannelRows,
  putPreferences,
} from './store.ts';

const mailName = { zh: '邮件', en: 'Mail' };

export function channelRoutes(): RouteSet {
  return [
    serve(listNoticeChannels, async ({ app, tx, actor }) => ({
      channels: (await listChannelRows(tx, actor.bureauId)).map(viewOf),
      robots: [...robots.values()].map(({ id, label, help, signed }) => ({ id, name: label, help, signed })),
      mailFrom: app.config.smtp?.from ?? null,
    })),
    serve(createNoticeChannel, ({ app, tx, actor, body }) => createChannel(app, tx, actor, body)),
    serve(updateNoticeChannel, async ({ app, tx, actor, params, body }) => {
      await changeChannel(app, tx, actor, params.channelId, body);
      return { ok: true } as const;
    }),
    serve(testNoticeChannel, async ({ app, tx, actor, params }) => {
      const channel = await findChannel(tx, actor.bureauId, params.channelId);
      if (!channel) throw new AppError('not-found');
      if (channel.kind === 'mail')
        throw new AppError('input-invalid', {
          problem: '邮件请在个人的通知设置里测试 / test mail from your own notice settings',
        });
      await sendTest(app, tx, actor, channel.id, null);
      return { ok: true } as const;
    }),
    serve(getNoticePreferences, async ({ app, tx, actor }) => {
      const row = await findPreferences(tx, actor.bureauId, actor.personId);
      const last = await findLastMail(tx, actor.bureauId, actor.personId);
      return {
        mail: openMail(app, row),
        mailWhen: (row?.mail_when ?? 'all') as MailChoice,
        mailReady: app.config.smtp !== null,
        lastMail: last
          ? {
              state: last.state as 'waiting' | 'sent' | 'failed',
              at: (last.ended_at ?? last.next_at).toISOString(),
              error: last.last_error,
            }
          : null,
      };
    }),
    serve(saveNoticePreferences, async ({ app, tx, actor, body }) => {
      await ensureMailChannel(tx, actor.bureauId, newId(), mailName.zh);
      await putPreferences(tx, {
        bureau_id: actor.bureauId,
        person_id: actor.personId,
        sealed_mail: body.mail ? sealMail(app, actor.bureauId, actor.personId, body.mail) : null,
        mail_when: body.mailWhen,
      });
      const subject = { kind: 'person', id: actor.personId };
      await record(tx, actor, 'notice-preferences.saved', subject, { mailWhen: body.mailWhen });
      app.live.changed(tx, actor.bureauId, 'notices');
      return { ok: true } as const;
    }),
    serve(testMyMail, async ({ app, tx, actor }) => {
      const row = await findPreferences(tx, actor.bureauId, actor.personId);
      if (!row?.sealed_mail || app.config.smtp === null)
        throw new AppError('input-invalid', {
          problem: row?.sealed_mail
            ? '没有设置发信服务器，请联系系统运维 / no mail server is set: ask the operator'
            : '请先填写并保存邮箱 / save an address first',
        });
      const channelId = await ensureMailChannel(tx, actor.bureauId, newId(), mailName.zh);
      await sendTest(app, tx, actor, channelId, actor.personId);
      return { ok: true } as const;
    }),
  ];
}

function viewOf(row: Awaited<ReturnType<typeof listChannelRows>>[number]): NoticeChannel {
  return {
    id: row.id,
    kind: row.kind,
    kindName: robots.get(row.kind)?.label ?? mailName,
    name: row.name,
    kinds: row.kinds as NoticeKind[],
    active: row.active,
    failures: row.failures,
    heldUntil: row.failures > 0 ? (row.held_until?.toISOString() ?? null) : null,
    lastError: row.last_error,
    lastErrorAt: row.last_error_at?.toISOString() ?? null,
    lastSentAt: row.last_sent_at?.toISOString() ?? null,
    waiting: row.waiting,
    givenUp: row.given_up,
  };
}
