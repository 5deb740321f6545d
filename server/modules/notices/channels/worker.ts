/**
 * Carries notices out: asks each second what is due, takes all that waits for one person or group, sends it as one message.
 * At least once: a process that dies after sending and before saying so is followed by one that sends again.
 */
import { robots } from '#connectors/robots.ts';
import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import { createPlatformHttp } from '#server/base/egress.ts';
import { log } from '#server/base/log.ts';
import { createMailer, type Mailer } from '#server/base/mail.ts';
import { notify } from '../notify.ts';
import { deleteOldNotices, listOutgoing } from '../store.ts';
import { composeMail, composeRobotMessage, messageIdOf, type OutgoingNotice } from './compose.ts';
import { openChannel, openMail } from './seals.ts';
import { type Settled, settle } from './settle.ts';
import {
  type Destination,
  findChannel,
  findPreferences,
  giveUpOld,
  listDueDestinations,
  takeSendings,
  takeTurn,
} from './store.ts';
import { gatherMs } from './timing.ts';

export type NoticeWorker = { stop(): Promise<void> };

const tickMs = 1_000;
const housekeepingMs = 3_600_000;
const destinationsAtOnce = 16;
/** Twenty messages a minute are the least that a robot allows. */
const paceMs = 3_000;

export function startNoticeWorker(app: App): NoticeWorker {
  const mailer = app.config.smtp ? createMailer(app.config.smtp) : null;
  let running: Promise<void> | undefined;
  const tick = () => {
    running ??= sendDue(app, mailer)
      .catch((error: Error) => log.warn({ error: error.message }, 'notices were not sent; trying again'))
      .finally(() => {
        running = undefined;
      });
  };
  const timer = setInterval(tick, tickMs);
  const housekeeping = setInterval(() => {
    tidy(app).catch((error: Error) => log.warn({ error: error.message }, 'old notices were not removed'));
  }, housekeepingMs);
  return {
    async stop() {
      clearInterval(timer);
      clearInterval(housekeeping);
      await running;
      mailer?.close();
    },
  };
}

async function tidy(app: App): Promise<void> {
  await app.database.withWorker(async (tx) => {
    await giveUpOld(tx);
    await deleteOldNotices(tx);
  });
}

/** Destinations beside each other: a slow mail server holds up no group. */
export async function sendDue(app: App, mailer: Mailer | null): Promise<void> {
  const due = await app.database.withWorker((tx) => listDueDestinations(tx, destinationsAtOnce));
  await Promise.all(
    due.map((destination) =>
      sendTo(app, mailer, destination).catch((error: Error) =>
        log.warn({ channel: destination.channel_id, error: error.message }, 'a notice was not sent'),
      ),
    ),
  );
}

type Taken = {
  sendings: { id: string; tries: number }[];
  notices: OutgoingNotice[];
  send(): Promise<Settled>;
};

async function sendTo(app: App, mailer: Mailer | null, destination: Destination): Promise<void> {
  const taken = await app.database.withWorker((tx) => take(app, tx, mailer, destination));
  if (!taken) return;
  const outcome = await taken.send();
  await app.database.withWorker(async (tx) => {
    const { failing } = await settle(app, tx, destination, taken.sendings, outcome);
    if (!failing) return;
    await notify(app, tx, {
      bureauId: destination.bureau_id,
      to: [
        { kind: 'role', role: 'administrator' },
        { kind: 'role', role: 'operator' },
      ],
      kind: 'channel-failing',
      subject: { kind: 'notice-channel', id: destination.channel_id },
      text: {
        zh: `通知渠道“${failing.name}”发不出去（${failing.error}），请检查设置`,
        en: `The notice channel “${failing.name}” does not deliver (${failing.error}); look at its settings`,
      },
      link: '/notices/settings',
      urgency: 'normal',
      dedupKey: `channel-failing:${destination.channel_id}:${failing.day}`,
    });
  });
}

type Tx = Parameters<Parameters<App['database']['withWorker']>[0]>[0];

async function take(
  app: App,
  tx: Tx,
  mailer: Mailer | null,
  destination: Destination,
): Promise<Taken | null> {
  const { bureau_id: bureauId, channel_id: channelId, person_id: personId } = destination;
  const channel = await findChannel(tx, bureauId, channelId);
  if (!channel) return null;
  if (personId === null && !(await takeTurn(tx, bureauId, channelId, paceMs))) return null;
  const sendings = await takeSendings(tx, destination, gatherMs);
  if (sendings.length === 0) return null;
  const notices = await listOutgoing(
    tx,
    bureauId,
    sendings.map((sending) => sending.notice_id),
  );
  const { publicUrl } = app.config;
  if (personId !== null) {
    const address = openMail(app, await findPreferences(tx, bureauId, personId));
    const mail = composeMail(publicUrl, notices);
    const messageId = messageIdOf(
      publicUrl,
      sendings.map((sending) => sending.id),
    );
    return {
      ...{ sendings, notices },
      async send() {
        if (!address) return { kind: 'dropped', code: 'no address' };
        if (!mailer) return { kind: 'failed', code: 'no mail server' };
        const outcome = await mailer.send({ to: address, ...mail, messageId });
        // An address that nobody has says nothing of the way.
        return outcome.kind === 'refused' ? { kind: 'dropped', code: outcome.code } : outcome;
      },
    };
  }
  const robot = robots.get(channel.kind);
  if (!robot) return null;
  const keys = openChannel(app, channel);
  const configured = app.config.platformUrls.get(robot.id);
  const http = createPlatformHttp({
    baseUrl: configured ?? robot.defaultBaseUrl,
    allowedHosts: configured
      ? [...app.config.allowedHosts, new URL(configured).host]
      : app.config.allowedHosts,
    allowPrivate: false,
    // Nothing to look up later, and one robot's key stands in its address.
    record: () => undefined,
  });
  const message = composeRobotMessage(publicUrl, notices);
  return { sendings, notices, send: () => robot.send(http, keys, message, now().getTime()) };
}
