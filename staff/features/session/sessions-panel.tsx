import { Button } from 'antd';
import { listSessions, revokeSession } from '#shared/people.ts';
import type { RouteReply } from '#shared/route.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Async, ErrorNotice } from '../../ui/async.tsx';
import { Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { nameAgent } from './name-agent.ts';
import { accountTexts } from './texts.ts';

type Session = RouteReply<typeof listSessions>[number];

/** Where I am signed in; what I don't know I end. */
export function SessionsPanel() {
  const w = useWords(accountTexts);
  const sessions = useRead(listSessions, [], {});
  return (
    <Section title={w.sessions} testId="sessions">
      <Async reading={sessions}>
        {(rows) => (
          <ul className="lines">
            {rows.map((session) => (
              <SessionLine key={session.id} session={session} onEnded={() => void sessions.refetch()} />
            ))}
          </ul>
        )}
      </Async>
    </Section>
  );
}

function SessionLine({ session, onEnded }: { session: Session; onEnded: () => void }) {
  const w = useWords(accountTexts);
  const lang = useLang();
  const end = useAction(() => call(revokeSession, { params: { sessionId: session.id } }), {
    topics: [],
    onDone: onEnded,
  });
  return (
    <li className="line" data-testid="session-row">
      <div className="line-main">
        <div className="line-title">
          {nameAgent(session.agent) || w.unknownProgram} <span className="quiet">{session.address}</span>
        </div>
        <div className="line-note">
          <span>{fill(w.signedInAt, { time: sayMoment(session.createdAt, lang) })}</span>
          <span>{fill(w.lastSeenAt, { time: sayMoment(session.lastSeenAt, lang) })}</span>
        </div>
        {end.error ? <ErrorNotice error={end.error} /> : null}
      </div>
      {session.current ? (
        <StateMark tone="good">{w.thisOne}</StateMark>
      ) : (
        <Button loading={end.isPending} onClick={() => end.mutate(undefined)} data-testid="session-end">
          {w.endSession}
        </Button>
      )}
    </li>
  );
}
