-- What the program said by itself in the response to a push: once a person and day, the same words for the same push.
create table automatic_answers (
  bureau_id  uuid        not null,
  account_id uuid        not null,
  person_key text        not null,
  day        date        not null,
  dedup_key  text        not null,
  rule_id    uuid        not null,
  text       text        not null,
  at         timestamptz not null default now(),
  primary key (bureau_id, account_id, person_key, day),
  foreign key (bureau_id, account_id) references accounts (bureau_id, id)
);
call secure_table('automatic_answers', 'select');

alter table cases drop constraint cases_satisfaction_from_check;
alter table cases add constraint cases_satisfaction_from_check
  check (satisfaction_from in ('site', 'call-back', 'message'));
