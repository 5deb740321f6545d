-- 更正说明: what was wrong in a published article and what is right, shown above its text once another person approved it.
create table corrections (
  bureau_id        uuid        not null,
  id               uuid        not null,
  article_id       uuid        not null,
  -- The public words: never changed, another text is another correction.
  text             text        not null check (length(text) between 1 and 500),
  -- Why it is published; for the desk and the audit log alone.
  reason           text        not null,
  state            text        not null default 'reviewing'
                   check (state in ('reviewing', 'returned', 'published', 'withdrawn')),
  hash             bytea       not null,
  review_id        uuid,
  created_by       uuid        not null,
  created_at       timestamptz not null default now(),
  published_at     timestamptz,
  withdrawn_reason text,
  primary key (bureau_id, id),
  foreign key (bureau_id, article_id) references articles (bureau_id, id)
);
create index corrections_article on corrections (bureau_id, article_id, id desc);
-- One at a time: two that say different things would wait side by side.
create unique index corrections_open on corrections (bureau_id, article_id) where state = 'reviewing';
create trigger corrections_text_fixed before update of text, article_id, hash on corrections
  for each statement execute function refuse_change();
call secure_table('corrections', 'select, insert, update');

-- Runs with its owner's rights, as published_pages does: the public role has none on the table.
create view published_corrections as
  select bureau_id, article_id, id, text, published_at from corrections where state = 'published';
grant select on published_corrections to huisheng_public, huisheng_staff, huisheng_worker;
