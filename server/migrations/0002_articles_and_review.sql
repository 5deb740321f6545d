-- Accounts of the matrix, articles and their frozen packages, generic review.

create table accounts (
  bureau_id  uuid        not null,
  id         uuid        not null,
  unit_id    uuid        not null,
  platform   text        not null,
  name       text        not null,
  -- Clear settings by the connector's field keys; secrets are in account_secrets.
  settings   jsonb       not null default '{}',
  state      text        not null default 'active'
             check (state in ('active', 'paused', 'sign-in-again', 'closed')),
  state_reason text,
  created_at timestamptz not null default now(),
  primary key (bureau_id, id),
  unique (id),
  foreign key (bureau_id, unit_id) references units (bureau_id, id)
);

-- Sealed credentials (AES-256-GCM, key outside the database) and cached access tokens.
create table account_secrets (
  bureau_id  uuid        not null,
  account_id uuid        not null,
  name       text        not null,
  sealed     bytea       not null,
  expires_at timestamptz,
  updated_at timestamptz not null default now(),
  primary key (bureau_id, account_id, name),
  foreign key (bureau_id, account_id) references accounts (bureau_id, id)
);

-- Why a call must wait: the platform's own limit, or an open circuit breaker. `subject` is an account id,
-- 'app:<platform>:<app>' or 'platform:<id>'.
create table call_holds (
  subject    text        not null primary key,
  until      timestamptz not null,
  reason     text        not null,
  failures   integer     not null default 0,
  updated_at timestamptz not null default now()
);
grant select on call_holds to huisheng_staff;
grant select, insert, update, delete on call_holds to huisheng_worker;

create table articles (
  bureau_id        uuid        not null,
  id               uuid        not null,
  unit_id          uuid        not null,
  -- Content class: decides the review chain. 'ordinary' two stages, 'important' three.
  class            text        not null default 'important' check (class in ('ordinary', 'important')),
  state            text        not null default 'draft'
                   check (state in ('draft', 'in-review', 'returned', 'approved', 'closed')),
  -- The working copy, saved every few seconds; a version is cut from it at submission.
  working          jsonb       not null,
  working_revision integer     not null default 1,
  -- Chosen accounts and per-account overrides, see shared/content.ts `Targets`.
  targets          jsonb       not null default '[]',
  latest_version   integer     not null default 0,
  created_by       uuid        not null,
  created_at       timestamptz not null default now(),
  updated_by       uuid        not null,
  updated_at       timestamptz not null default now(),
  primary key (bureau_id, id),
  unique (id),
  foreign key (bureau_id, unit_id) references units (bureau_id, id)
);
-- The editor's list: newest change first.
create index articles_recent on articles (bureau_id, updated_at desc);

create table article_versions (
  bureau_id    uuid        not null,
  id           uuid        not null,
  article_id   uuid        not null,
  number       integer     not null,
  content      jsonb       not null,
  content_hash bytea       not null,
  created_by   uuid        not null,
  created_at   timestamptz not null default now(),
  primary key (bureau_id, id),
  unique (bureau_id, article_id, number),
  foreign key (bureau_id, article_id) references articles (bureau_id, id)
);

create table packages (
  bureau_id   uuid        not null,
  id          uuid        not null,
  article_id  uuid        not null,
  version_id  uuid        not null,
  account_id  uuid        not null,
  -- Canonical JSON, kept as the very text that was hashed: jsonb would reorder it.
  payload     text        not null,
  hash        bytea       not null,
  short_token text        not null unique,
  created_at  timestamptz not null default now(),
  primary key (bureau_id, id),
  foreign key (bureau_id, version_id) references article_versions (bureau_id, id),
  foreign key (bureau_id, account_id) references accounts (bureau_id, id)
);
create index packages_version on packages (bureau_id, version_id);
create trigger packages_immutable before update or delete on packages
  for each statement execute function refuse_change();
create trigger article_versions_immutable before update or delete on article_versions
  for each statement execute function refuse_change();

-- ---------------------------------------------------------------- review (generic over {kind, id, hash})

create table reviews (
  bureau_id     uuid        not null,
  id            uuid        not null,
  subject_kind  text        not null,
  subject_id    uuid        not null,
  -- The frozen revision under review (an article's version).
  revision_id   uuid        not null,
  -- What is signed: for an article, the hash over the hashes of its packages.
  subject_hash  bytea       not null,
  title         text        not null,
  -- [{stage, role}] in order; frozen at submission.
  chain         jsonb       not null,
  stage         integer     not null default 0,
  state         text        not null default 'open' check (state in ('open', 'approved', 'returned', 'voided')),
  -- The approved window; moving inside it voids nothing.
  not_before    timestamptz,
  not_after     timestamptz,
  submitted_by  uuid        not null,
  submitted_at  timestamptz not null default now(),
  decided_at    timestamptz,
  primary key (bureau_id, id),
  unique (id)
);
-- One open review a subject.
create unique index reviews_open on reviews (bureau_id, subject_kind, subject_id) where state = 'open';
create index reviews_subject on reviews (bureau_id, subject_kind, subject_id, submitted_at desc);

create table review_decisions (
  bureau_id    uuid        not null,
  id           uuid        not null,
  review_id    uuid        not null,
  stage        integer     not null,
  person_id    uuid        not null,
  decision     text        not null check (decision in ('approve', 'return')),
  note         text        not null default '',
  -- [{quote, note}]: remarks tied to a sentence of the text.
  remarks      jsonb       not null default '[]',
  -- The hash the reviewer saw; must equal the review's.
  subject_hash bytea       not null,
  decided_at   timestamptz not null default now(),
  primary key (bureau_id, id),
  -- A stage is decided once; two clicks at the same moment leave one decision.
  unique (bureau_id, review_id, stage),
  foreign key (bureau_id, review_id) references reviews (bureau_id, id)
);
create trigger review_decisions_immutable before update or delete on review_decisions
  for each statement execute function refuse_change();

call secure_table('accounts');
call secure_table('account_secrets', 'select, insert, update, delete');
call secure_table('articles');
call secure_table('article_versions', 'select, insert');
call secure_table('packages', 'select, insert');
call secure_table('reviews');
call secure_table('review_decisions', 'select, insert');
