-- Work that a person does on a platform with a prepared task: posting, taking away, answering. One table for all kinds, so
-- that link, deadline, proof and check are the same. And withdrawals: one decision over every account.

create table assisted_tasks (
  bureau_id     uuid        not null,
  id            uuid        not null,
  kind          text        not null check (kind in ('publish', 'withdraw', 'reply')),
  -- Delivery (publish, withdraw) or reply.
  subject_id    uuid        not null,
  account_id    uuid        not null,
  title         text        not null,
  -- What is copied there, in order: [{field, text}].
  copy          jsonb       not null default '[]',
  state         text        not null default 'pending' check (state in (
                  'pending', 'opened', 'claimed', 'verified', 'returned', 'expired', 'cancelled')),
  -- The only key to the page; a new one whenever the task is given to somebody else.
  token         text        not null unique,
  deadline      timestamptz not null,
  -- Who is to do it; null: whoever has the link.
  executor_id   uuid,
  opened_at     timestamptz,
  -- Who says that it is done, and what they show: pasted text, link, note, screenshot.
  claimed_by    uuid,
  claimed_at    timestamptz,
  proof         jsonb       not null default '{}',
  -- The second person.
  checked_by    uuid,
  checked_at    timestamptz,
  return_reason text,
  created_at    timestamptz not null default clock_timestamp(),
  primary key (bureau_id, id),
  foreign key (bureau_id, account_id) references accounts (bureau_id, id)
);
-- One open task a piece of work.
create unique index assisted_tasks_open on assisted_tasks (bureau_id, kind, subject_id)
  where state in ('pending', 'opened', 'claimed', 'returned');
-- The board shows the latest task of each delivery.
create index assisted_tasks_subject on assisted_tasks (bureau_id, subject_id, created_at desc);
create index assisted_tasks_waiting on assisted_tasks (bureau_id, deadline)
  where state in ('pending', 'opened', 'claimed', 'returned');

-- What was handed off so far.
insert into assisted_tasks (bureau_id, id, kind, subject_id, account_id, title, state, token, deadline, proof)
  select bureau_id, gen_random_uuid(), 'publish', id, account_id, '',
         case state when 'handed-off' then 'pending' when 'published' then 'verified' when 'withdrawn' then 'verified'
                    when 'expired' then 'expired' else 'cancelled' end,
         handoff_token, coalesce(handoff_deadline, due_at + interval '2 hours'), coalesce(handoff_proof, '{}')
  from deliveries where handoff_token is not null;
alter table deliveries drop column handoff_token, drop column handoff_deadline, drop column handoff_proof;

create table withdrawals (
  bureau_id   uuid        not null,
  id          uuid        not null,
  -- Null: one registered post without an article.
  article_id  uuid,
  reason      text        not null,
  -- By when it must be gone everywhere.
  deadline    timestamptz not null,
  asked_by    uuid        not null,
  asked_at    timestamptz not null default clock_timestamp(),
  primary key (bureau_id, id)
);
create index withdrawals_article on withdrawals (bureau_id, article_id, asked_at desc);

create table withdrawal_targets (
  bureau_id     uuid        not null,
  withdrawal_id uuid        not null,
  delivery_id   uuid        not null,
  -- waiting: nobody knows yet whether it is out. calling: the platform is asked to take it away. by-hand: a person does it.
  state         text        not null check (state in ('waiting', 'calling', 'by-hand', 'gone', 'never-out')),
  -- What the platform said last.
  code          text,
  tries         integer     not null default 0,
  -- Masked exchanges of the last call.
  exchanges     jsonb       not null default '[]',
  wake_at       timestamptz,
  updated_at    timestamptz not null default clock_timestamp(),
  primary key (bureau_id, withdrawal_id, delivery_id),
  foreign key (bureau_id, withdrawal_id) references withdrawals (bureau_id, id),
  foreign key (bureau_id, delivery_id) references deliveries (bureau_id, id)
);
-- A post is taken away once at a time.
create unique index withdrawal_targets_open on withdrawal_targets (bureau_id, delivery_id)
  where state in ('waiting', 'calling', 'by-hand');
-- The scanner's question.
create index withdrawal_targets_wake on withdrawal_targets (wake_at) where wake_at is not null;

call secure_table('assisted_tasks');
call secure_table('withdrawals');
call secure_table('withdrawal_targets');

create view facts.publishing_withdrawals with (security_invoker = true) as
  select t.bureau_id, t.withdrawal_id, t.delivery_id, d.account_id, d.article_id, w.asked_at, w.deadline, t.state, t.updated_at
  from withdrawal_targets t
  join withdrawals w on w.bureau_id = t.bureau_id and w.id = t.withdrawal_id
  join deliveries d on d.bureau_id = t.bureau_id and d.id = t.delivery_id;
create view facts.publishing_tasks with (security_invoker = true) as
  select bureau_id, id, kind, account_id, state, deadline, created_at, claimed_at, checked_at from assisted_tasks;
grant select on facts.publishing_withdrawals, facts.publishing_tasks to huisheng_staff, huisheng_worker;
