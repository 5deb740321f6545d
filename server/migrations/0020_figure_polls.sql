-- When the interface of a platform is asked for figures next: a row a post, a row an account. Null: not any more.

create table figure_polls (
  bureau_id   uuid        not null,
  delivery_id uuid        not null,
  account_id  uuid        not null,
  next_at     timestamptz default clock_timestamp(),
  asked_at    timestamptz,
  -- Why the last asking gave nothing, in the platform's code; null: it gave.
  failure     text,
  primary key (bureau_id, delivery_id),
  foreign key (bureau_id, delivery_id) references deliveries (bureau_id, id) on delete cascade
);
-- The scanner's question: whose time has come, and what else of that account.
create index figure_polls_next on figure_polls (next_at) where next_at is not null;
create index figure_polls_account on figure_polls (account_id, next_at) where next_at is not null;

create table account_figure_polls (
  bureau_id  uuid        not null,
  account_id uuid        not null,
  next_at    timestamptz not null default clock_timestamp(),
  asked_at   timestamptz,
  failure    text,
  primary key (bureau_id, account_id),
  foreign key (bureau_id, account_id) references accounts (bureau_id, id)
);
create index account_figure_polls_next on account_figure_polls (next_at);

call secure_table('figure_polls', 'select');
call secure_table('account_figure_polls', 'select');
