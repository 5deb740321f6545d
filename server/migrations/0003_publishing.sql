-- Deliveries: one post on one account. The table is the schedule; jobs only wake it.

create table deliveries (
  bureau_id    uuid        not null,
  id           uuid        not null,
  package_id   uuid        not null,
  article_id   uuid        not null,
  account_id   uuid        not null,
  platform     text        not null,
  mode         text        not null check (mode in ('api', 'hand-off', 'registered')),
  reach        text        not null,
  review_id    uuid,
  -- DESIGN §5, the one list.
  state        text        not null default 'planned' check (state in (
                 'planned', 'due', 'preparing', 'prepared', 'submitting', 'pending', 'published', 'rejected',
                 'failed', 'unknown', 'handed-off', 'held', 'withdrawn', 'cancelled', 'expired')),
  -- Why it is in this state, for people; a code of shared/publishing.ts.
  reason       text,
  -- 'administrator' when the platform waits for a confirmation there.
  waiting_for  text,
  -- The instant that counts, and the wall time that was planned (Asia/Shanghai) so that intent survives.
  due_at       timestamptz not null,
  planned_wall text        not null,
  -- "Always": publish even when the program was down at the time.
  even_if_late boolean     not null default false,
  -- When the scanner must look again: preparation, sending, checking, retry.
  wake_at      timestamptz,
  -- Grows with every claim; a write with an old fence changes nothing.
  fence        integer     not null default 0,
  -- Process that holds the claim; its death frees the row at once (heartbeats).
  claimed_by   text,
  -- Reversible steps done so far: {step: {ids}}.
  steps        jsonb       not null default '{}',
  platform_ids jsonb       not null default '{}',
  url          text,
  submitted_at timestamptz,
  published_at timestamptz,
  -- Absences seen by read-back after the settling time; two of them allow a new attempt.
  absences     integer     not null default 0,
  absent_at    timestamptz,
  late_seconds integer,
  -- Hand-off: the token of the phone page, and what the person proved.
  handoff_token text       unique,
  handoff_deadline timestamptz,
  handoff_proof jsonb,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (bureau_id, id),
  unique (id),
  foreign key (bureau_id, package_id) references packages (bureau_id, id),
  foreign key (bureau_id, account_id) references accounts (bureau_id, id)
);
-- The scanner's only question: whose time has come.
create index deliveries_wake on deliveries (wake_at) where wake_at is not null;
create index deliveries_article on deliveries (bureau_id, article_id);
-- The board: newest first, and "one in flight per account".
create index deliveries_board on deliveries (bureau_id, due_at desc);
create unique index deliveries_one_in_flight on deliveries (account_id) where state = 'submitting';
create index deliveries_attention on deliveries (bureau_id, state, due_at)
  where state in ('unknown', 'held', 'handed-off', 'failed', 'rejected', 'pending');

create table delivery_attempts (
  bureau_id     uuid        not null,
  id            uuid        not null,
  delivery_id   uuid        not null,
  number        integer     not null,
  fence         integer     not null,
  step          text        not null check (step in ('prepare', 'submit', 'check', 'person')),
  started_at    timestamptz not null default clock_timestamp(),
  first_byte_at timestamptz,
  finished_at   timestamptz,
  -- Masked exchanges, in order.
  exchanges     jsonb       not null default '[]',
  -- The Outcome or CheckResult; null while it runs (or when the program died in it).
  outcome       jsonb,
  primary key (bureau_id, id),
  unique (bureau_id, delivery_id, number),
  foreign key (bureau_id, delivery_id) references deliveries (bureau_id, id)
);

create table short_links (
  token       text        not null primary key,
  bureau_id   uuid        not null,
  package_id  uuid        not null,
  article_id  uuid        not null,
  account_id  uuid        not null,
  created_at  timestamptz not null default now()
);

-- What the public site shows. Written in the transaction that marks the local delivery published.
create table site_pages (
  bureau_id    uuid        not null,
  id           uuid        not null,
  delivery_id  uuid        not null,
  article_id   uuid        not null,
  -- Public address: /a/<slug>.
  slug         text        not null unique,
  -- Grows when another delivery of the article replaces the text; rendered copies carry it.
  revision     integer     not null default 1,
  title        text        not null,
  digest       text        not null,
  author       text,
  html         text        not null,
  plain        text        not null,
  -- Character bigrams of title, digest and text; candidates for search, ranked in the server.
  bigrams      tsvector    not null,
  published_at timestamptz not null,
  updated_at   timestamptz not null default now(),
  withdrawn_at timestamptz,
  primary key (bureau_id, id),
  unique (bureau_id, article_id)
);
-- Keyset paging: the slug parts pages of the same millisecond.
create index site_pages_recent on site_pages (bureau_id, published_at desc, slug desc) where withdrawn_at is null;
create index site_pages_bigrams on site_pages using gin (bigrams) where withdrawn_at is null;

call secure_table('deliveries');
call secure_table('delivery_attempts');
call secure_table('short_links', 'select, insert');
call secure_table('site_pages', 'select, insert, update');

-- The public site reads published pages and follows short links, nothing else. The pages come through a view and not
-- through a policy: `@@` is not leakproof, so under row security PostgreSQL may not use the GIN index for it. The view
-- runs with its owner's rights; the public role has none on the table.
create view published_pages as
  select bureau_id, article_id, slug, revision, title, digest, author, html, plain, bigrams, published_at, updated_at
  from site_pages where withdrawn_at is null;
grant select on published_pages to huisheng_public, huisheng_staff, huisheng_worker;
create policy public_links on short_links for select to huisheng_public using (true);
grant select on short_links to huisheng_public;
create policy public_bureaus on bureau_settings for select to huisheng_public using (true);
grant select (bureau_id, slug, policy) on bureau_settings to huisheng_public;
create policy public_units on units for select to huisheng_public using (kind = 'bureau');
grant select (bureau_id, id, kind, name, short_name) on units to huisheng_public;
-- One line a bureau with a site.
create view public_sites with (security_invoker) as
  select bureau_settings.bureau_id, bureau_settings.slug, bureau_settings.policy, units.name, units.short_name
  from bureau_settings
  join units on units.bureau_id = bureau_settings.bureau_id and units.id = bureau_settings.bureau_id
  where units.kind = 'bureau';
grant select on public_sites to huisheng_public;
