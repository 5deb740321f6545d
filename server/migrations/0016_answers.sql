-- Answers that a second person looks at before they go out, and those that everybody may read.

alter table replies drop constraint replies_state_check;
alter table replies add constraint replies_state_check check (state in (
  'reviewing', 'returned', 'due', 'submitting', 'sent', 'rejected', 'window-closed', 'unknown', 'cancelled'));
-- What was approved is what goes out: the words of a reply never change, another text is another reply.
create trigger replies_text_fixed before update of text, conversation_id, to_platform_id on replies
  for each statement execute function refuse_change();
create index replies_review on replies (bureau_id, review_id) where review_id is not null;

alter table published_answers
  add column revision         integer not null default 1,
  add column withdrawn_reason text;
create index published_answers_desk on published_answers (bureau_id, id desc);

-- The text that a reviewer saw, frozen; the public page shows one of these and nothing else.
create table published_answer_versions (
  bureau_id  uuid        not null,
  id         uuid        not null,
  answer_id  uuid        not null,
  question   text        not null,
  answer     text        not null,
  consent    boolean     not null,
  hash       bytea       not null,
  created_by uuid        not null,
  created_at timestamptz not null default now(),
  primary key (bureau_id, id),
  foreign key (bureau_id, answer_id) references published_answers (bureau_id, id)
);
create trigger published_answer_versions_immutable before update or delete on published_answer_versions
  for each statement execute function refuse_change();
call secure_table('published_answer_versions', 'select, insert');
