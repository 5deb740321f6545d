-- The knowledge base: what holds, on what it rests, for whom and until when; every version stays.

create table knowledge_entries (
  bureau_id      uuid        not null,
  id             uuid        not null,
  state          text        not null default 'draft' check (state in ('draft', 'in-use', 'retired')),
  version        integer     not null default 1,
  content        jsonb       not null,
  -- Of the content, for lists and the watch.
  valid_to       date,
  review_on      date,
  -- The section that keeps it right.
  unit_id        uuid,
  bigrams        tsvector    not null,
  -- The public answer it was made of.
  from_answer_id uuid,
  -- When its section was told that it is out of date; a new version starts over.
  told_at        timestamptz,
  created_by     uuid        not null,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  primary key (bureau_id, id),
  foreign key (bureau_id, unit_id) references units (bureau_id, id),
  foreign key (bureau_id, from_answer_id) references published_answers (bureau_id, id)
);
create unique index knowledge_entries_answer on knowledge_entries (bureau_id, from_answer_id)
  where from_answer_id is not null;
create index knowledge_entries_bigrams on knowledge_entries using gin (bigrams) where state = 'in-use';
-- The watch's only question: what passed its day and nobody was told of.
create index knowledge_entries_watch on knowledge_entries (least(valid_to, review_on))
  where state = 'in-use' and told_at is null;

create table knowledge_versions (
  bureau_id uuid        not null,
  entry_id  uuid        not null,
  version   integer     not null,
  content   jsonb       not null,
  saved_by  uuid        not null,
  saved_at  timestamptz not null default now(),
  primary key (bureau_id, entry_id, version),
  foreign key (bureau_id, entry_id) references knowledge_entries (bureau_id, id)
);
create trigger knowledge_versions_immutable before update or delete on knowledge_versions
  for each statement execute function refuse_change();

-- Which version an answer rested on.
create table reply_citations (
  bureau_id uuid        not null,
  reply_id  uuid        not null,
  entry_id  uuid        not null,
  version   integer     not null,
  at        timestamptz not null default now(),
  primary key (bureau_id, reply_id, entry_id),
  foreign key (bureau_id, reply_id) references replies (bureau_id, id),
  foreign key (bureau_id, entry_id, version) references knowledge_versions (bureau_id, entry_id, version)
);
create index reply_citations_entry on reply_citations (bureau_id, entry_id, at desc);

call secure_table('knowledge_entries');
call secure_table('knowledge_versions', 'select, insert');
call secure_table('reply_citations', 'select, insert');
