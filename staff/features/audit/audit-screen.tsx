import { type AuditEntry, listAudit } from '#shared/system.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { usePages } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Async } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Page } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { actionLabels, auditTexts, subjectLabels } from './texts.ts';

export function AuditScreen() {
  const w = useWords(auditTexts);
  const pages = usePages([listAudit.path], ['any'], (cursor) => call(listAudit, { query: { cursor } }));
  return (
    <Page title={w.title} testId="audit" aside={<span className="quiet">{w.help}</span>}>
      <Async reading={{ ...pages, data: pages.rows }}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={w.emptyTitle} />
          ) : (
            <ul className="lines">
              {rows.map((row) => (
                <EntryLine key={row.id} row={row} />
              ))}
            </ul>
          )
        }
      </Async>
      <MoreButton pages={pages} />
    </Page>
  );
}

function EntryLine({ row }: { row: AuditEntry }) {
  const w = useWords(auditTexts);
  const lang = useLang();
  return (
    <li className="line line-wrap" data-testid="audit-row">
      <div className="line-main">
        <div>
          <strong>{row.actorName}</strong>{' '}
          <span title={row.action}>{actionLabels[row.action]?.[lang] ?? row.action}</span>{' '}
          <span className="quiet" title={row.subjectId}>
            {subjectLabels[row.subjectKind]?.[lang] ?? row.subjectKind}{' '}
            {row.subjectId.length > 20 ? `…${row.subjectId.slice(-6)}` : row.subjectId}
          </span>
        </div>
        {Object.keys(row.detail).length > 0 ? (
          <details>
            <summary className="quiet">{w.detail}</summary>
            <pre className="audit-detail">{JSON.stringify(row.detail, null, 2)}</pre>
          </details>
        ) : null}
      </div>
      <div className="line-side number">
        <div>{sayMoment(row.at, lang)}</div>
        {row.seq === null ? (
          <StateMark tone="calm">{w.unsealed}</StateMark>
        ) : (
          <StateMark tone="good">{fill(w.sealed, { seq: row.seq })}</StateMark>
        )}
      </div>
    </li>
  );
}
