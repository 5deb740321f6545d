-- What is left to do beside posts and answers: asking for mentions, clearing up drafts, opening and closing comments.

-- When each account is asked for mentions next, within its daily call budget.
create table mention_polls (
  bureau_id    uuid        not null,
  account_id   uuid        not null,
  next_at      timestamptz not null,
  -- The platform's own word for the newest that was told; asked from there on.
  newest       text,
  last_at      timestamptz,
  last_outcome jsonb,
  primary key (bureau_id, account_id),
  foreign key (bureau_id, account_id) references accounts (bureau_id, id)
);
create index mention_polls_next on mention_polls (next_at);
call secure_table('mention_polls');

-- The last wish for the comments of a post, and what became of it.
create table comment_switches (
  bureau_id   uuid        not null,
  delivery_id uuid        not null,
  account_id  uuid        not null,
  open        boolean     not null,
  state       text        not null check (state in ('acting', 'done', 'failed')),
  reason      text        not null,
  -- In the platform's own words, where it failed or must be tried again.
  failure     text,
  asked_by    uuid        not null,
  asked_at    timestamptz not null default now(),
  changed_at  timestamptz not null default now(),
  wake_at     timestamptz,
  primary key (bureau_id, delivery_id),
  foreign key (bureau_id, delivery_id) references deliveries (bureau_id, id),
  foreign key (bureau_id, account_id) references accounts (bureau_id, id)
);
create index comment_switches_wake on comment_switches (wake_at);
call secure_table('comment_switches');

-- What was prepared on the platform for a post that will not be sent is taken away again.
alter table deliveries
  add column discard_at    timestamptz,
  add column discard_tries integer not null default 0;
create index deliveries_discard on deliveries (discard_at) where discard_at is not null;

alter table delivery_attempts drop constraint delivery_attempts_step_check;
alter table delivery_attempts add constraint delivery_attempts_step_check
  check (step in ('prepare', 'submit', 'check', 'person', 'discard'));

-- A delivery that ends before anything was sent leaves its draft behind, whoever ended it. What may have been accepted is
-- never touched.
create function set_discard_time() returns trigger language plpgsql as $$
begin
  if new.state in ('cancelled', 'expired') and old.state is distinct from new.state
    and new.mode = 'api' and new.submitted_at is null and new.steps <> '{}'
  then
    new.discard_at := clock_timestamp();
  end if;
  return new;
end $$;
create trigger deliveries_discard before update on deliveries for each row
  when (new.state in ('cancelled', 'expired')) execute function set_discard_time();
