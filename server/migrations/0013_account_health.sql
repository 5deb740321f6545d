-- How each account stands: what it was granted, when that was asked and how; renewal of its grant; the end of it.

create table account_health (
  bureau_id       uuid        not null,
  account_id      uuid        not null,
  -- What the last good probe learned, by ability; what it left out is not known.
  grants          jsonb       not null default '{}',
  notes           text[]      not null default '{}',
  -- The last probe that got an answer, good or bad; `probe_code` says why a bad one was.
  probed_at       timestamptz,
  probe_result    text,
  probe_code      text,
  -- Once a day, sooner before a planned post.
  next_probe_at   timestamptz not null default now() + interval '1 day',
  -- From then on only a person can grant access again; null: not known, or no end.
  renewable_until timestamptz,
  renewed_at      timestamptz,
  -- Failures in a row that say nothing of the grant; the time of the next try.
  renew_tries     integer     not null default 0,
  renew_error     text,
  next_renew_at   timestamptz,
  primary key (bureau_id, account_id),
  foreign key (bureau_id, account_id) references accounts (bureau_id, id)
);
-- What is due, asked every few seconds.
create index account_health_probe on account_health (next_probe_at);
call secure_table('account_health');

insert into account_health (bureau_id, account_id, next_probe_at)
select bureau_id, id, now() + interval '1 day' * random() from accounts;
