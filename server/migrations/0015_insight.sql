-- What is read out of all messages together: a bureau's own sorting model, hot issues of a window, the weekly digest of
-- public opinion, and how good answers are.

-- ---------------------------------------------------------------- sorting

-- One row a bureau: every process reads the same model, so two never sort the same words differently.
create table sorting_models (
  bureau_id       uuid        not null primary key,
  -- How many corrections it learnt from, and when the last of them was made.
  corrections     integer     not null,
  last_correction timestamptz,
  field_model     bytea       not null,
  kind_model      bytea       not null,
  -- How well it does on the bureau's own corrections, each judged by a model that had not seen it.
  report          jsonb       not null,
  trained_at      timestamptz not null default clock_timestamp()
);
call secure_table('sorting_models', 'select');

-- ---------------------------------------------------------------- reading many messages

-- Messages of a window, oldest first; the digest and the issues read them so.
create index messages_talk on messages (bureau_id, at, id) where direction = 'in';
-- Answers are judged in the order in which they were given.
create index cases_answered on cases (bureau_id, answered_at, id) where answered_at is not null;
-- What came in and what was closed in a week.
create index cases_received on cases (bureau_id, received_at);
create index cases_closed on cases (bureau_id, closed_at) where closed_at is not null;

-- ---------------------------------------------------------------- hot issues

create table issue_runs (
  bureau_id    uuid        not null,
  id           uuid        not null,
  state        text        not null default 'due' check (state in ('due', 'running', 'done', 'failed')),
  -- Null: by the schedule.
  asked_by     uuid,
  days         integer     not null check (days in (7, 14, 30)),
  -- Empty: all.
  via     text[]      not null default '{}',
  -- Half-open; the window before is as long and ends where this one begins.
  window_from  timestamptz not null,
  window_to    timestamptz not null,
  messages     integer,
  -- Messages of a window that were too many and stayed unread.
  left_out     integer     not null default 0,
  heat_version integer,
  took_ms      integer,
  failure      text        check (failure in ('timeout', 'broken')),
  process_id   uuid,
  created_at   timestamptz not null default clock_timestamp(),
  started_at   timestamptz,
  finished_at  timestamptz,
  primary key (bureau_id, id)
);
-- The worker's question: what waits, and what an ended process left.
create index issue_runs_waiting on issue_runs (created_at) where state in ('due', 'running');
-- One at a time a bureau: a second wish while one waits is the same wish.
create unique index issue_runs_one on issue_runs (bureau_id) where state in ('due', 'running');

create table issues (
  bureau_id   uuid        not null,
  id          uuid        not null,
  run_id      uuid        not null,
  title       text        not null,
  -- What a person called it.
  given_title text,
  messages    integer     not null,
  people      integer     not null,
  -- Messages about it in the window before.
  before      integer     not null,
  heat        float8      not null,
  names       text[]      not null,
  -- Masked: safe to be shown and quoted.
  sentences   text[]      not null,
  first_at    timestamptz not null,
  last_at     timestamptz not null,
  hidden      boolean     not null default false,
  merged_into uuid,
  -- The topic that was begun from it.
  article_id  uuid,
  changed_by  uuid,
  changed_at  timestamptz,
  reason      text,
  primary key (bureau_id, id),
  foreign key (bureau_id, run_id) references issue_runs (bureau_id, id) on delete cascade,
  foreign key (bureau_id, merged_into) references issues (bureau_id, id) on delete cascade
);
-- One run's list, the hottest first.
create index issues_run on issues (bureau_id, run_id, heat desc, id);
create index issues_merged on issues (bureau_id, merged_into) where merged_into is not null;

create table issue_members (
  bureau_id  uuid        not null,
  issue_id   uuid        not null,
  message_id uuid        not null,
  case_id    uuid,
  at         timestamptz not null,
  -- False: of the window before, kept for the growth.
  present    boolean     not null,
  primary key (bureau_id, issue_id, message_id),
  foreign key (bureau_id, issue_id) references issues (bureau_id, id) on delete cascade
);

call secure_table('issue_runs');
call secure_table('issues');
call secure_table('issue_members', 'select, insert');

-- ---------------------------------------------------------------- weekly digest

create table digests (
  bureau_id  uuid        not null,
  id         uuid        not null,
  -- Its Monday.
  week       date        not null,
  title      text        not null,
  -- [{key, title, text}]
  sections   jsonb       not null,
  -- The numbers it was made from, as they were then.
  figures    jsonb       not null,
  revision   integer     not null default 1,
  signed_by  uuid,
  signed_at  timestamptz,
  -- sha256 of the signed text.
  text_hash  text        check (text_hash ~ '^[0-9a-f]{64}$'),
  updated_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (bureau_id, id),
  -- One a week, whichever process makes it; the newest first from the same index.
  unique (bureau_id, week),
  check (num_nonnulls(signed_by, signed_at, text_hash) in (0, 3))
);
create index digests_unsigned on digests (bureau_id, week) where signed_by is null;
call secure_table('digests');

-- ---------------------------------------------------------------- quality of answers

create table answer_marks (
  bureau_id    uuid        not null,
  case_id      uuid        not null,
  unit_id      uuid,
  -- Of the answer that was judged; a later one is judged anew.
  answered_at  timestamptz not null,
  relevance    real        not null,
  completeness real        not null,
  basis        real        not null,
  readability  real        not null,
  timeliness   real        not null,
  overall      real        not null,
  primary key (bureau_id, case_id)
);
create index answer_marks_recent on answer_marks (bureau_id, answered_at);
call secure_table('answer_marks', 'select');

create view facts.insight_issues with (security_invoker = true) as
  select i.bureau_id, i.id, i.run_id, r.days, r.window_from, r.window_to, coalesce(i.given_title, i.title) as title,
         i.messages, i.people, i.before, i.heat, i.names, i.first_at, i.last_at, i.article_id
  from issues i
  join issue_runs r on r.bureau_id = i.bureau_id and r.id = i.run_id
  where not i.hidden and i.merged_into is null and r.state = 'done';

create view facts.insight_answer_marks with (security_invoker = true) as
  select bureau_id, case_id, unit_id, answered_at, relevance, completeness, basis, readability, timeliness, overall
  from answer_marks;

create view facts.insight_digests with (security_invoker = true) as
  select bureau_id, id, week, signed_at is not null as signed, signed_at from digests;

grant select on all tables in schema facts to huisheng_staff, huisheng_worker;
