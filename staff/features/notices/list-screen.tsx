import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { listNotices, markNotices, type Notice, noticeKindLabels } from '#shared/notices.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useNarrow } from '../../lib/narrow.ts';
import { useAction, usePages } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Async } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Page } from '../../ui/page.tsx';
import { useSayError } from '../../ui/say-error.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { To, ToButton } from '../../ui/to.tsx';
import { noticeTexts } from './texts.ts';

type Filter = 'unread' | 'all';
type Mark = { noticeIds: string[] | null; read: boolean };

export function NoticeListScreen() {
  const w = useWords(noticeTexts);
  const sayError = useSayError();
  const [filter, setFilter] = useState<Filter>('unread');
  const pages = usePages([listNotices.path, filter], ['notices'], (cursor) =>
    call(listNotices, {
      query: { ...(filter === 'unread' ? { unread: '1' as const } : {}), ...(cursor ? { cursor } : {}) },
    }),
  );
  const mark = useAction((body: Mark) => call(markNotices, { body }), {
    topics: ['notices'],
    onFailed: sayError,
  });
  const options = [
    { value: 'unread' as const, label: w.unread },
    { value: 'all' as const, label: w.all },
  ];
  const anyUnread = pages.rows?.some((row) => !row.read) ?? false;
  return (
    <Page
      title={w.title}
      testId="notices"
      actions={
        <Button
          disabled={!anyUnread}
          loading={mark.isPending}
          onClick={() => mark.mutate({ noticeIds: null, read: true })}
          data-testid="notices-read-all"
        >
          {w.markAll}
        </Button>
      }
    >
      <div className="filters">
        <Segmented<Filter> value={filter} onChange={setFilter} options={options} />
        <To href="/notices/settings" testId="notice-settings">
          {w.settings}
        </To>
      </div>
      <Async reading={{ ...pages, data: pages.rows }}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={filter === 'unread' ? w.emptyUnread : w.emptyAll}>{w.emptyHelp}</Empty>
          ) : (
            <>
              <ul className="lines">
                {rows.map((row) => (
                  <NoticeLine key={row.id} notice={row} onMark={mark.mutate} />
                ))}
              </ul>
              <MoreButton pages={pages} />
            </>
          )
        }
      </Async>
    </Page>
  );
}

function NoticeLine({ notice, onMark }: { notice: Notice; onMark: (mark: Mark) => void }) {
  const w = useWords(noticeTexts);
  const lang = useLang();
  const narrow = useNarrow();
  // On a phone a review opens as the page made for the thumb.
  const to = narrow ? notice.link.replace(/^\/reviews\//, '/m/reviews/') : notice.link;
  return (
    <li className="line" data-testid="notice-row" data-kind={notice.kind} data-read={notice.read}>
      <div className="line-main">
        <div className={notice.read ? 'line-title notice-read' : 'line-title'}>{notice.words[lang]}</div>
        <div className="line-note">
          <StateMark tone={notice.read ? 'quiet' : 'calm'}>{notice.read ? w.read : w.unread}</StateMark>
          {notice.urgency === 'urgent' ? <StateMark tone="warn">{w.urgent}</StateMark> : null}
          <span>{noticeKindLabels[notice.kind][lang]}</span>
          <span className="number">{sayMoment(notice.createdAt, lang)}</span>
          {notice.dueAt ? (
            <span className="number">{fill(w.due, { time: sayMoment(notice.dueAt, lang) })}</span>
          ) : null}
          <Button
            type="link"
            size="small"
            className="notice-mark"
            onClick={() => onMark({ noticeIds: [notice.id], read: !notice.read })}
          >
            {notice.read ? w.markUnread : w.markRead}
          </Button>
        </div>
      </div>
      <ToButton
        to={to}
        data-testid="notice-open"
        onClickCapture={() => notice.read || onMark({ noticeIds: [notice.id], read: true })}
      >
        {w.open}
      </ToButton>
    </li>
  );
}
