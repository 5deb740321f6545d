import { BellOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { countNotices } from '#shared/notices.ts';
import { fill, useWords } from '../../lib/language.ts';
import { useRead } from '../../lib/query.ts';
import { noticeTexts } from './texts.ts';
import './notices.css';

/** The way to the notices, with the number of unread ones; said in words to those who do not see it. */
export function Bell() {
  const w = useWords(noticeTexts);
  const { data } = useRead(countNotices, ['notices'], {});
  const unread = data?.unread ?? 0;
  const shown = unread > 99 ? '99+' : String(unread);
  return (
    <Link
      to="/notices"
      className="bell"
      aria-label={unread > 0 ? fill(w.bell, { count: shown }) : w.bellNone}
      data-testid="bell"
      data-unread={unread}
    >
      <BellOutlined />
      {unread > 0 ? (
        <span className="bell-count number" aria-hidden="true">
          {shown}
        </span>
      ) : null}
    </Link>
  );
}
