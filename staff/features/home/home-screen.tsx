import { firstDate, listTodo, type Todo, type TodoMore, todoActions } from '#shared/home.ts';
import { caseUrgencyLabels } from '#shared/inbox.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useNarrow } from '../../lib/narrow.ts';
import { useRead } from '../../lib/query.ts';
import { clockOf, sayMoment } from '../../lib/time.ts';
import { Async } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Page } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { ToButton } from '../../ui/to.tsx';
import { WriteButton } from '../../ui/write-button.tsx';
import { groupTodo, type TodoGroup } from './group-todo.ts';
import { groupLabels, homeTexts } from './texts.ts';

/** One dated list, one button a line, and nothing else. */
export function HomeScreen() {
  const w = useWords(homeTexts);
  const todo = useRead(listTodo, ['any'], {});
  return (
    <Page title={w.title} testId="home">
      <Async reading={todo}>
        {({ rows, more, now }) =>
          rows.length === 0 ? (
            <NothingToDo />
          ) : (
            <>
              {groupTodo(rows, now).map(({ group, rows: part }) => (
                <TodoPart key={group} group={group} rows={part} />
              ))}
              <NotNamed more={more} />
            </>
          )
        }
      </Async>
    </Page>
  );
}

function TodoPart({ group, rows }: { group: TodoGroup; rows: readonly Todo[] }) {
  const w = useWords(homeTexts);
  const labels = useWords(groupLabels);
  return (
    <section data-testid={`todo-${group}`}>
      <h2 className="group-head">
        {group === 'overdue' || group === 'urgent' ? (
          <StateMark tone="warn">{labels[group]}</StateMark>
        ) : (
          labels[group]
        )}
        <span className="quiet number">{fill(w.count, { count: rows.length })}</span>
      </h2>
      <ul className="lines">
        {rows.map((todo) => (
          <TodoLine key={todo.key} todo={todo} group={group} />
        ))}
      </ul>
    </section>
  );
}

function TodoLine({ todo, group }: { todo: Todo; group: TodoGroup }) {
  const w = useWords(homeTexts);
  const lang = useLang();
  const narrow = useNarrow();
  // On a phone a review opens as the page made for the thumb.
  const to =
    narrow && todo.kind === 'review' ? todo.to.replace(/(^|\/desk)\/reviews\//, '$1/m/reviews/') : todo.to;
  const nearby = group === 'today' || group === 'tomorrow';
  // Under its day the hour is enough; what does not come first may lie on another day.
  const say = (at: string) => (nearby && at === firstDate(todo) ? clockOf(at) : sayMoment(at, lang));
  return (
    <li className="line" data-testid="todo-row" data-kind={todo.kind}>
      <div className="line-main">
        <div className="line-title">
          {todo.title}
          {todo.urgency ? <StateMark tone="warn">{caseUrgencyLabels[todo.urgency][lang]}</StateMark> : null}
        </div>
        <div className="line-note">
          {todo.urgency && todo.overdue ? <StateMark tone="warn">{w.overdue}</StateMark> : null}
          {todo.closesAt ? (
            <>
              <span className="number" data-testid="todo-window">
                {fill(w.windowUntil, { time: say(todo.closesAt) })}
              </span>
              {todo.dueAt ? (
                <span className="number">{fill(w.due, { time: sayMoment(todo.dueAt, lang) })}</span>
              ) : null}
            </>
          ) : todo.dueAt ? (
            <span className="number">{say(todo.dueAt)}</span>
          ) : null}
          <span>{todo.note[lang]}</span>
        </div>
      </div>
      <ToButton to={to} data-testid="todo-action">
        {todoActions[todo.kind][lang]}
      </ToButton>
    </li>
  );
}

/** Nothing is left out silently: what the list has no room for is counted, and where it stands is one click away. */
function NotNamed({ more }: { more: readonly TodoMore[] }) {
  const w = useWords(homeTexts);
  const lang = useLang();
  if (more.length === 0) return null;
  return (
    <section data-testid="todo-more">
      <h2 className="group-head">{w.more}</h2>
      <ul className="lines">
        {more.map(({ kind, count, to }) => (
          <li key={to} className="line" data-testid="todo-more-row">
            <div className="line-main">{fill(w.moreOf, { count, action: todoActions[kind][lang] })}</div>
            <ToButton to={to}>{w.seeAll}</ToButton>
          </li>
        ))}
      </ul>
    </section>
  );
}

function NothingToDo() {
  const w = useWords(homeTexts);
  const mayWrite = useMay('article.write');
  const seesPosts = useMay('delivery.read');
  const seesInbox = useMay('inbox.read');
  const places = (
    <div className="row empty-places">
      {seesPosts ? <ToButton to="/deliveries">{w.seePosts}</ToButton> : null}
      {seesInbox ? <ToButton to="/inbox">{w.seeInbox}</ToButton> : null}
    </div>
  );
  return (
    <Empty title={w.emptyTitle} action={mayWrite ? <WriteButton /> : places}>
      {mayWrite ? w.emptyWrite : w.emptyWait}
    </Empty>
  );
}
