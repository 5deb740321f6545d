import { App, Button, Modal } from 'antd';
import { useState } from 'react';
import {
  listNoticeChannels,
  type NoticeChannel,
  testNoticeChannel,
  updateNoticeChannel,
} from '#shared/notice-channels.ts';
import { noticeKindLabels } from '#shared/notices.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Async } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Section } from '../../ui/page.tsx';
import { useSayError } from '../../ui/say-error.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { RobotForm } from './robot-form.tsx';
import { noticeTexts } from './texts.ts';

export function ChannelsPanel() {
  const w = useWords(noticeTexts);
  const [adding, setAdding] = useState(false);
  const channels = useRead(listNoticeChannels, ['notices'], {});
  return (
    <Section
      title={w.channels}
      aside={
        <Button onClick={() => setAdding(true)} data-testid="add-robot">
          {w.addRobot}
        </Button>
      }
    >
      <p className="quiet">{w.channelsHelp}</p>
      <Async reading={channels}>
        {(found) => (
          <>
            {found.channels.length === 0 ? <Empty title={w.noChannels} /> : null}
            <ul className="lines">
              {found.channels.map((channel) => (
                <ChannelLine key={channel.id} channel={channel} mailFrom={found.mailFrom} />
              ))}
            </ul>
            <Modal
              open={adding}
              title={w.addRobot}
              footer={null}
              destroyOnHidden
              onCancel={() => setAdding(false)}
            >
              <RobotForm robots={found.robots} onDone={() => setAdding(false)} />
            </Modal>
          </>
        )}
      </Async>
    </Section>
  );
}

function ChannelLine({ channel, mailFrom }: { channel: NoticeChannel; mailFrom: string | null }) {
  const w = useWords(noticeTexts);
  const lang = useLang();
  const { message } = App.useApp();
  const sayError = useSayError();
  const isMail = channel.kind === 'mail';
  const params = { channelId: channel.id };
  const test = useAction(() => call(testNoticeChannel, { params }), {
    topics: ['notices'],
    onDone: () => void message.info(w.testing),
    onFailed: sayError,
  });
  const turn = useAction(() => call(updateNoticeChannel, { params, body: { active: !channel.active } }), {
    topics: ['notices'],
    onFailed: sayError,
  });
  const notes = [
    channel.lastSentAt ? fill(w.lastSent, { time: sayMoment(channel.lastSentAt, lang) }) : w.neverUsed,
    channel.heldUntil ? fill(w.heldUntil, { time: sayMoment(channel.heldUntil, lang) }) : null,
    channel.waiting > 0 ? fill(w.waiting, { count: channel.waiting }) : null,
    channel.givenUp > 0 ? fill(w.givenUp, { count: channel.givenUp }) : null,
    isMail && mailFrom ? fill(w.sender, { from: mailFrom }) : null,
  ].filter((note) => note !== null);
  return (
    <li className="line" data-testid="channel-row" data-kind={channel.kind}>
      <div className="line-main">
        <div className="line-title">{channel.name}</div>
        <div className="line-note">
          <ChannelMark channel={channel} />
          {isMail ? null : <span>{channel.kindName[lang]}</span>}
          {notes.map((note) => (
            <span key={note}>{note}</span>
          ))}
        </div>
        {isMail ? null : (
          <div className="quiet">{channel.kinds.map((kind) => noticeKindLabels[kind][lang]).join(' · ')}</div>
        )}
      </div>
      <div className="row">
        {isMail ? null : (
          <Button
            disabled={!channel.active}
            loading={test.isPending}
            onClick={() => test.mutate(undefined)}
            data-testid="channel-test"
          >
            {w.test}
          </Button>
        )}
        <Button loading={turn.isPending} onClick={() => turn.mutate(undefined)}>
          {channel.active ? w.turnOff : w.turnOn}
        </Button>
      </div>
    </li>
  );
}

function ChannelMark({ channel }: { channel: NoticeChannel }) {
  const w = useWords(noticeTexts);
  if (!channel.active) return <StateMark tone="quiet">{w.off}</StateMark>;
  if (channel.failures > 0)
    return (
      <StateMark tone="bad" testId="channel-state" value="failing">
        {fill(w.failing, { error: channel.lastError ?? '' })}
      </StateMark>
    );
  if (channel.lastSentAt === null) return null;
  return (
    <StateMark tone="good" testId="channel-state" value="works">
      {w.works}
    </StateMark>
  );
}
