-- Working days, pushes as they came, conversations, cases.

-- The bureau's own calendar: what differs from "Monday to Friday". Seeded from the State Council's notices.
create table working_days (
  bureau_id  uuid        not null,
  day        date        not null,
  works      boolean     not null,
  name       text        not null default '',
  -- 'seed' rows may be replaced by a later seed; 'hand' rows never.
  source     text        not null default 'hand' check (source in ('seed', 'hand')),
  updated_at timestamptz not null default now(),
  primary key (bureau_id, day)
);

-- A push is stored raw and committed before it is acknowledged.
create table raw_pushes (
  bureau_id    uuid        not null,
  account_id   uuid        not null,
  -- The platform's message id or its documented substitute; the only de-duplication there is.
  dedup_key    text        not null,
  -- Clear bytes after signature check and decryption, sealed at rest.
  sealed       bytea       not null,
  received_at  timestamptz not null default now(),
  -- When it is looked at: at once, later again while the post it speaks of is not known here yet.
  try_at       timestamptz not null default now(),
  processed_at timestamptz,
  failure      text,
  primary key (account_id, dedup_key)
);
create index raw_pushes_waiting on raw_pushes (try_at) where processed_at is null;

create table conversations (
  bureau_id   uuid        not null,
  id          uuid        not null,
  account_id  uuid        not null,
  kind        text        not null check (kind in ('message', 'comment')),
  -- Comments: the delivery it stands under.
  delivery_id uuid,
  -- Platform's key of the person, or of the comment thread where it names nobody.
  thread_key  text        not null,
  person_key  text        not null,
  person_name text,
  last_at     timestamptz not null,
  -- Until when the platform takes an answer; null where it sets no limit.
  window_ends_at timestamptz,
  window_left integer,
  created_at  timestamptz not null default now(),
  primary key (bureau_id, id),
  unique (bureau_id, account_id, kind, thread_key),
  foreign key (bureau_id, account_id) references accounts (bureau_id, id)
);
create index conversations_recent on conversations (bureau_id, last_at desc);

create table messages (
  bureau_id       uuid        not null,
  id              uuid        not null,
  conversation_id uuid        not null,
  account_id      uuid        not null,
  direction       text        not null check (direction in ('in', 'out')),
  platform_id     text        not null,
  text            text        not null,
  attachment      jsonb,
  -- Platform time orders the thread; ours measures how long it took to become visible.
  at              timestamptz not null,
  received_at     timestamptz not null default now(),
  primary key (bureau_id, id),
  unique (bureau_id, account_id, platform_id),
  foreign key (bureau_id, conversation_id) references conversations (bureau_id, id)
);
create index messages_thread on messages (bureau_id, conversation_id, at, id);
create trigger messages_immutable before update or delete on messages
  for each statement execute function refuse_change();

create table cases (
  bureau_id   uuid        not null,
  id          uuid        not null,
  -- Shown to people: year and running number of the bureau.
  number      text        not null,
  kind        text        not null check (kind in ('consult', 'help', 'complaint', 'report', 'suggestion', 'thanks', 'other')),
  field       text,
  state       text        not null default 'open' check (state in ('open', 'answered', 'closed')),
  title       text        not null,
  unit_id     uuid,
  owner_id    uuid,
  -- Derived from case_events and the working-day table; kept for sorting and the scanner.
  due_at      timestamptz,
  received_at timestamptz not null,
  answered_at timestamptz,
  created_at  timestamptz not null default now(),
  primary key (bureau_id, id),
  unique (bureau_id, number)
);
-- The agent's list: what is due first; the id ends the order so that a page can continue after it.
create index cases_due on cases (bureau_id, state, due_at, id);

create table case_numbers (
  bureau_id uuid    not null,
  year      integer not null,
  last      integer not null,
  primary key (bureau_id, year)
);

create table case_conversations (
  bureau_id       uuid not null,
  case_id         uuid not null,
  conversation_id uuid not null,
  primary key (bureau_id, case_id, conversation_id),
  foreign key (bureau_id, case_id) references cases (bureau_id, id),
  foreign key (bureau_id, conversation_id) references conversations (bureau_id, id)
);
create index case_conversations_back on case_conversations (bureau_id, conversation_id);

-- The log deadlines are derived from: received, assigned, classified, paused, resumed, extended, answered, closed, reopened.
create table case_events (
  bureau_id uuid        not null,
  id        uuid        not null,
  case_id   uuid        not null,
  event     text        not null,
  at        timestamptz not null,
  actor_id  uuid,
  detail    jsonb       not null default '{}',
  primary key (bureau_id, id),
  foreign key (bureau_id, case_id) references cases (bureau_id, id)
);
create index case_events_log on case_events (bureau_id, case_id, at, id);

-- An answer is published once, by the same rules as a post.
create table replies (
  bureau_id       uuid        not null,
  id              uuid        not null,
  case_id         uuid        not null,
  conversation_id uuid        not null,
  account_id      uuid        not null,
  -- Comments: which comment it answers.
  to_platform_id  text,
  text            text        not null,
  state           text        not null default 'due' check (state in (
                    'due', 'submitting', 'sent', 'rejected', 'window-closed', 'unknown', 'cancelled')),
  reason          text,
  wake_at         timestamptz,
  fence           integer     not null default 0,
  claimed_by      text,
  absences        integer     not null default 0,
  submitted_at    timestamptz,
  sent_at         timestamptz,
  platform_ids    jsonb       not null default '{}',
  exchanges       jsonb       not null default '[]',
  created_by      uuid        not null,
  created_at      timestamptz not null default now(),
  primary key (bureau_id, id),
  foreign key (bureau_id, case_id) references cases (bureau_id, id),
  foreign key (bureau_id, conversation_id) references conversations (bureau_id, id)
);
create index replies_wake on replies (wake_at) where wake_at is not null;
-- One mutation in flight an account: the second claim fails here, whatever the program thought.
create unique index replies_one_in_flight on replies (account_id) where state = 'submitting';
create index replies_conversation on replies (bureau_id, conversation_id, created_at);

-- When each post's comments are asked for next, within the account's daily call budget.
create table comment_polls (
  bureau_id    uuid        not null,
  delivery_id  uuid        not null,
  account_id   uuid        not null,
  next_at      timestamptz not null,
  last_at      timestamptz,
  last_outcome jsonb,
  primary key (bureau_id, delivery_id)
);
create index comment_polls_next on comment_polls (next_at);

create table call_budgets (
  account_id uuid    not null,
  day        date    not null,
  purpose    text    not null,
  used       integer not null default 0,
  primary key (account_id, day, purpose)
);
grant select on call_budgets to huisheng_staff;
grant select, insert, update, delete on call_budgets to huisheng_worker;

call secure_table('working_days', 'select, insert, update, delete');
call secure_table('raw_pushes', 'select');
call secure_table('conversations');
call secure_table('messages', 'select, insert');
call secure_table('cases');
call secure_table('case_numbers');
call secure_table('case_conversations', 'select, insert');
call secure_table('case_events', 'select, insert');
call secure_table('replies');
call secure_table('comment_polls');
