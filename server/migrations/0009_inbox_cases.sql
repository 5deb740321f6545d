-- One queue for everything people say to the bureau: besides what platforms bring also questions from the public site,
-- mistakes reported on a page, items transferred from the hotlines, visits, calls and letters. Cases gain urgency, pauses,
-- an extension, helpers, outcomes, merging and reminders.

-- ---------------------------------------------------------------- conversations outside the platforms

alter table conversations alter column account_id drop not null;
alter table conversations drop constraint conversations_kind_check;
alter table conversations add constraint conversations_kind_check check (kind in (
  'message', 'comment', 'mention', 'ask', 'error-report', 'transfer', 'visit', 'phone', 'letter'));
-- What a platform brings has an account; what comes any other way has none.
alter table conversations add constraint conversations_account check (
  (account_id is not null) = (kind in ('message', 'comment', 'mention')));
alter table conversations drop constraint conversations_bureau_id_account_id_kind_thread_key_key;
alter table conversations add constraint conversations_thread
  unique nulls not distinct (bureau_id, account_id, kind, thread_key);
alter table conversations
  -- Public site: ten Crockford characters, and the hash of the code that opens them (never the code).
  add column receipt           text unique,
  add column receipt_code_hash bytea,
  -- {name, phone, address}, sealed: shown to those who handle the case, published never.
  add column contact_sealed    bytea,
  add column page_url          text,
  -- Who transferred it and under what number ("12345", "GD2026…").
  add column source            text,
  add column source_number     text,
  -- The person agreed that question and answer may be published without their name.
  add column may_publish       boolean not null default false;
-- The earlier words of the same person.
create index conversations_person on conversations (bureau_id, person_key, created_at desc);

alter table messages alter column account_id drop not null;
alter table messages drop constraint messages_bureau_id_account_id_platform_id_key;
-- Order matters for the look-up of one account's messages; messages of no account carry unique ids of ours.
alter table messages add constraint messages_once unique nulls not distinct (bureau_id, account_id, platform_id);

-- How long words took to become visible, over the last day.
create index messages_received on messages (bureau_id, received_at desc) where direction = 'in';

create table case_notes (
  bureau_id  uuid        not null,
  id         uuid        not null,
  case_id    uuid        not null,
  -- Seen by colleagues only.
  text       text        not null,
  created_by uuid        not null,
  created_at timestamptz not null default now(),
  primary key (bureau_id, id),
  foreign key (bureau_id, case_id) references cases (bureau_id, id)
);
create index case_notes_case on case_notes (bureau_id, case_id, created_at);

-- Files that belong to a message or to an internal note; checked and encoded anew before they are stored.
create table case_files (
  bureau_id  uuid        not null,
  id         uuid        not null,
  message_id uuid,
  note_id    uuid,
  file_id    uuid        not null,
  created_at timestamptz not null default now(),
  primary key (bureau_id, id),
  check (num_nonnulls(message_id, note_id) = 1),
  foreign key (bureau_id, message_id) references messages (bureau_id, id),
  foreign key (bureau_id, note_id) references case_notes (bureau_id, id),
  foreign key (bureau_id, file_id) references files (bureau_id, id)
);
create index case_files_message on case_files (bureau_id, message_id) where message_id is not null;
create index case_files_note on case_files (bureau_id, note_id) where note_id is not null;

-- ---------------------------------------------------------------- cases

alter table cases
  add column urgency      text not null default 'normal' check (urgency in ('normal', 'urgent', 'critical')),
  -- Of the conversation it began with; kept here because lists filter by them.
  add column channel      text not null default 'message',
  add column account_id   uuid,
  -- How it ended; for suggestions whether it was taken up, which the person is told.
  add column outcome      text check (outcome in ('answered', 'no-answer', 'adopted', 'not-adopted', 'spam', 'merged')),
  add column outcome_note text,
  add column closed_at    timestamptz,
  add column merged_into  uuid,
  -- Waiting for the person: the clock stands still.
  add column paused_at    timestamptz,
  -- By when it must be with a section; null once it is.
  add column triage_due_at timestamptz,
  add column assigned_at  timestamptz,
  -- One extension a case, decided by another person than the one who asked.
  add column extension    text check (extension in ('asked', 'granted', 'refused')),
  add column extension_days integer check (extension_days between 1 and 15),
  add column extension_by uuid,
  add column supervised_at timestamptz,
  add column called_back_at timestamptz,
  -- 1 to 5, by the person: on the receipt's page or when called back.
  add column satisfaction integer check (satisfaction between 1 and 5),
  add column satisfaction_note text,
  add column satisfaction_at timestamptz,
  add column satisfaction_from text check (satisfaction_from in ('site', 'call-back')),
  -- When the reminder scanner looks next; null when nothing is to come.
  add column remind_at    timestamptz,
  -- What lists order by; kept by the trigger below.
  add column sort_key     float8 not null default 0,
  add foreign key (bureau_id, merged_into) references cases (bureau_id, id),
  add check ((merged_into is not null) = (outcome is not distinct from 'merged'));

-- Open cases by what is due first, then the others, newest first: epoch seconds, so that one ascending order serves both.
create function set_case_sort_key() returns trigger language plpgsql as $$
begin
  new.sort_key := case when new.state = 'open'
    then coalesce(extract(epoch from new.due_at), 9e9)
    else 1e11 - extract(epoch from coalesce(new.answered_at, new.received_at)) end;
  return new;
end $$;
create trigger cases_sort_key before insert or update on cases for each row execute function set_case_sort_key();

update cases c set
  channel = v.kind, account_id = v.account_id, assigned_at = case when c.unit_id is not null then c.created_at end,
  remind_at = case when c.state = 'open' then now() end
from (
  select distinct on (l.bureau_id, l.case_id) l.bureau_id, l.case_id, v.kind, v.account_id
  from case_conversations l
  join conversations v on v.bureau_id = l.bureau_id and v.id = l.conversation_id
  order by l.bureau_id, l.case_id, v.created_at, v.id
) v
where c.bureau_id = v.bureau_id and c.id = v.case_id;

-- The queue in its order, alone and under each filter that a desk has: a page is read without sorting.
drop index cases_due;
create index cases_sort on cases (bureau_id, sort_key, id);
create index cases_state on cases (bureau_id, state, sort_key, id);
create index cases_owner on cases (bureau_id, owner_id, sort_key, id);
create index cases_unit on cases (bureau_id, unit_id, sort_key, id);
create index cases_field on cases (bureau_id, field, sort_key, id);
create index cases_kind on cases (bureau_id, kind, sort_key, id);
create index cases_channel on cases (bureau_id, channel, sort_key, id);
create index cases_urgent on cases (bureau_id, urgency, sort_key, id) where urgency <> 'normal';
create index cases_spam on cases (bureau_id, sort_key, id) where outcome = 'spam';
create index cases_merged on cases (bureau_id, merged_into) where merged_into is not null;
create index cases_extension on cases (bureau_id, sort_key) where extension = 'asked';
-- The scanner's only question: whose time has come.
create index cases_remind on cases (remind_at) where remind_at is not null;

-- Words of a case as character bigrams: number, title, names and every message. A row of its own, because cases change
-- often and their words do not.
create table case_texts (
  bureau_id uuid     not null,
  case_id   uuid     not null,
  bigrams   tsvector not null,
  primary key (bureau_id, case_id),
  foreign key (bureau_id, case_id) references cases (bureau_id, id)
);
create index case_texts_bigrams on case_texts using gin (bigrams);

-- 协办: sections that help; who answers stays one.
create table case_helpers (
  bureau_id  uuid        not null,
  case_id    uuid        not null,
  unit_id    uuid        not null,
  note       text        not null default '',
  added_by   uuid        not null,
  added_at   timestamptz not null default now(),
  removed_at timestamptz,
  primary key (bureau_id, case_id, unit_id),
  foreign key (bureau_id, case_id) references cases (bureau_id, id),
  foreign key (bureau_id, unit_id) references units (bureau_id, id)
);
create index case_helpers_unit on case_helpers (bureau_id, unit_id) where removed_at is null;

-- A reminder is given once for each case, deadline and step; the key is what makes the scanner repeatable.
create table case_reminders (
  bureau_id uuid        not null,
  case_id   uuid        not null,
  -- The deadline it speaks of, or the day of receipt for the long alarms.
  clock     timestamptz not null,
  step      text        not null check (step in ('duty', 'triage', 'warn', 'due', 'late-1', 'late-5', 'day-60', 'day-90')),
  at        timestamptz not null default clock_timestamp(),
  primary key (bureau_id, case_id, clock, step),
  foreign key (bureau_id, case_id) references cases (bureau_id, id)
);
-- Corrections by people are examples to learn from.
create index case_events_corrections on case_events (bureau_id, at)
  where event = 'classified' and actor_id is not null;

-- ---------------------------------------------------------------- answers

alter table replies alter column account_id drop not null;
alter table replies
  -- A notice (an extension, a question back) is sent like an answer and does not answer.
  add column purpose   text not null default 'answer' check (purpose in ('answer', 'notice')),
  -- The review that an answer goes through before it may be sent.
  add column review_id uuid;

-- Question and answer as the public site shows them: written anew without what could name the person.
create table published_answers (
  bureau_id    uuid        not null,
  id           uuid        not null,
  case_id      uuid        not null,
  slug         text        not null unique,
  question     text        not null,
  answer       text        not null,
  field        text,
  kind         text        not null,
  outcome      text,
  state        text        not null default 'draft' check (state in ('draft', 'reviewing', 'published', 'withdrawn')),
  bigrams      tsvector    not null,
  review_id    uuid,
  helpful      integer     not null default 0,
  unhelpful    integer     not null default 0,
  created_by   uuid        not null,
  created_at   timestamptz not null default now(),
  published_at timestamptz,
  withdrawn_at timestamptz,
  updated_at   timestamptz not null default now(),
  primary key (bureau_id, id),
  unique (bureau_id, case_id),
  foreign key (bureau_id, case_id) references cases (bureau_id, id)
);
create index published_answers_recent on published_answers (bureau_id, published_at desc, slug desc)
  where state = 'published';
create index published_answers_bigrams on published_answers using gin (bigrams) where state = 'published';

-- ---------------------------------------------------------------- comments that must be looked at

-- 跟帖评论服务管理规定: the owner of an account looks at comments and acts on bad ones. Found by words or by hand; the
-- action is a repeatable call, made by the worker.
create table comment_checks (
  bureau_id       uuid        not null,
  id              uuid        not null,
  conversation_id uuid        not null,
  account_id      uuid        not null,
  delivery_id     uuid,
  comment_id      text        not null,
  text            text        not null,
  person_name     text,
  found_by        text        not null check (found_by in ('words', 'hand')),
  words           text[]      not null default '{}',
  state           text        not null default 'open' check (state in ('open', 'kept', 'acting', 'done', 'failed', 'by-hand')),
  action          text        check (action in ('elect', 'unelect', 'delete', 'delete-reply')),
  reason          text,
  failure         text,
  decided_by      uuid,
  decided_at      timestamptz,
  wake_at         timestamptz,
  created_at      timestamptz not null default now(),
  primary key (bureau_id, id),
  foreign key (bureau_id, conversation_id) references conversations (bureau_id, id)
);
create index comment_checks_wake on comment_checks (wake_at) where wake_at is not null;
create index comment_checks_queue on comment_checks (bureau_id, state, id desc);
-- One open question a comment.
create unique index comment_checks_open on comment_checks (bureau_id, account_id, comment_id)
  where state in ('open', 'acting');

-- ---------------------------------------------------------------- what a bureau sets

-- One row a bureau: levels of service, rules of dispatch, words of bad comments, who is on duty.
create table inbox_settings (
  bureau_id  uuid        not null primary key,
  revision   integer     not null default 1,
  settings   jsonb       not null,
  updated_by uuid,
  updated_at timestamptz not null default now()
);

call secure_table('case_notes', 'select, insert');
call secure_table('case_files', 'select, insert');
call secure_table('case_texts');
call secure_table('case_helpers');
call secure_table('case_reminders', 'select, insert');
call secure_table('published_answers');
call secure_table('comment_checks');
call secure_table('inbox_settings');

create or replace view facts.inbox_cases with (security_invoker = true) as
  select bureau_id, id, kind, field, state, unit_id, received_at, due_at, answered_at,
         channel, account_id, urgency, outcome, closed_at, satisfaction, supervised_at, extension
  from cases;
