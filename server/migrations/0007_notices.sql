-- What happened and who should know: made in the transaction of the happening, read on the desk, carried out later by
-- channels (mail, group robots).

create table notices (
  bureau_id    uuid        not null,
  id           uuid        not null,
  kind         text        not null,
  urgency      text        not null check (urgency in ('normal', 'urgent')),
  subject_kind text        not null,
  subject_id   text        not null,
  -- The number people know the thing by (a case's); with kind, deadline and link all that a robot may say.
  reference    text,
  words_zh     text        not null,
  words_en     text        not null,
  -- A path of the staff app.
  link         text        not null check (link like '/%'),
  -- Where a mail or a robot leads instead: what opens on a phone.
  phone_link   text        check (phone_link like '/%'),
  due_at       timestamptz,
  -- The same happening told twice is one notice.
  dedup_key    text        not null,
  created_at   timestamptz not null default clock_timestamp(),
  primary key (bureau_id, id),
  unique (bureau_id, dedup_key)
);

create table notice_recipients (
  bureau_id uuid        not null,
  notice_id uuid        not null,
  person_id uuid        not null references people (id),
  read_at   timestamptz,
  primary key (bureau_id, notice_id, person_id),
  foreign key (bureau_id, notice_id) references notices (bureau_id, id) on delete cascade
);
-- A person's list, newest first: ids grow with time.
create index notice_recipients_list on notice_recipients (bureau_id, person_id, notice_id desc);
-- The count on every page of the desk.
create index notice_recipients_unread on notice_recipients (bureau_id, person_id, notice_id desc) where read_at is null;

call secure_table('notices', 'select, insert');
call secure_table('notice_recipients');
