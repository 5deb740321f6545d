-- The ground every module stands on: database roles, row security, people, audit, idempotency, files.
--
-- Three roles do all work after the migrations; the program's login role switches to one of them in each
-- transaction (server/base/scope.ts):
--   huisheng_staff   a signed-in person; row security shows the rows of one bureau only
--   huisheng_worker  jobs and platform pushes; sees every bureau, owns no table
--   huisheng_public  the public site; may touch only the tables granted to it
-- The policy is the second fence. Every query also writes `bureau_id = …` out, because the policy alone made
-- PostgreSQL choose a bitmap scan with a sort where the written predicate uses the index order.
do $$
declare role_name text;
begin
  foreach role_name in array array['huisheng_staff', 'huisheng_worker', 'huisheng_public'] loop
    if not exists (select from pg_roles where rolname = role_name) then
      execute format('create role %I nologin', role_name);
    end if;
    -- A superuser switches anyway; an ordinary owner needs the membership. 'usage', because since PostgreSQL 16 the
    -- creator of a role is a member who may grant it but not use it.
    if not pg_has_role(current_user, role_name, 'usage') then
      execute format('grant %I to %I', role_name, current_user);
    end if;
  end loop;
end $$;

grant usage on schema public to huisheng_staff, huisheng_worker, huisheng_public;

create function current_bureau() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('huisheng.bureau', true), '')::uuid $$;

-- Puts a table under row security: staff see their bureau, the worker sees all.
create procedure secure_table(name text, staff_rights text default 'select, insert, update')
language plpgsql as $$
begin
  execute format('alter table %I enable row level security', name);
  execute format('alter table %I force row level security', name);
  execute format('create policy staff on %I to huisheng_staff using (bureau_id = current_bureau()) with check (bureau_id = current_bureau())', name);
  execute format('create policy worker on %I to huisheng_worker using (true) with check (true)', name);
  execute format('grant %s on %I to huisheng_staff', staff_rights, name);
  execute format('grant select, insert, update, delete on %I to huisheng_worker', name);
end $$;

-- ---------------------------------------------------------------- organisation and people

create table units (
  bureau_id  uuid        not null,
  id         uuid        not null,
  parent_id  uuid,
  kind       text        not null check (kind in ('bureau', 'section', 'township', 'partner')),
  level      text        not null check (level in ('province', 'city', 'county', 'township', 'none')),
  name       text        not null,
  short_name text        not null,
  -- Business fields a section answers for (就业创业, 社会保险 …); cases are dispatched by them.
  fields     text[]      not null default '{}',
  -- '/<id>/<id>/': a permission is role × path prefix.
  path       text        not null,
  -- The bureau above (city, province); link only, it opens no rows.
  superior_bureau_id uuid,
  created_at timestamptz not null default now(),
  primary key (bureau_id, id),
  unique (id),
  check (kind <> 'bureau' or id = bureau_id),
  foreign key (bureau_id, parent_id) references units (bureau_id, id)
);
create index units_path on units (bureau_id, path text_pattern_ops);

create table bureau_settings (
  bureau_id  uuid  not null primary key references units (id),
  -- Public slug of the bureau's site: /<slug>; the first bureau also answers at /.
  slug       text  not null unique,
  -- Named policy profile: 'dengbao' (default) or 'relaxed' (demonstration only; shown on every page).
  policy     text  not null default 'dengbao' check (policy in ('dengbao', 'relaxed')),
  settings   jsonb not null default '{}'
);

create table people (
  id            uuid        not null primary key,
  login         text        not null unique check (login = lower(login)),
  name          text        not null,
  -- PHC string, Argon2id.
  password_hash text        not null,
  disabled_at   timestamptz,
  created_at    timestamptz not null default now()
);
grant select on people to huisheng_staff;
grant select, insert, update on people to huisheng_worker;

create table memberships (
  bureau_id  uuid        not null,
  id         uuid        not null,
  person_id  uuid        not null references people (id),
  unit_id    uuid        not null,
  role       text        not null,
  -- AB 角: this person stands in for another's membership while it is absent.
  stand_in_for uuid,
  starts_at  timestamptz not null default now(),
  ends_at    timestamptz,
  primary key (bureau_id, id),
  foreign key (bureau_id, unit_id) references units (bureau_id, id)
);
create index memberships_person on memberships (person_id);

create table sessions (
  -- sha256 of the cookie's token: a stolen dump opens no session.
  token_hash   bytea       not null primary key,
  person_id    uuid        not null references people (id),
  bureau_id    uuid        not null,
  membership_id uuid       not null,
  created_at   timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at   timestamptz not null,
  address      text        not null,
  agent        text        not null
);
create index sessions_person on sessions (person_id);
grant select, insert, update, delete on sessions to huisheng_worker;

-- Failed sign-ins, counted per login and per address in one statement each (no read-then-write).
create table sign_in_failures (
  subject      text        not null primary key,
  failures     integer     not null,
  window_start timestamptz not null,
  locked_until timestamptz
);
grant select, insert, update, delete on sign_in_failures to huisheng_worker;

create table api_tokens (
  bureau_id    uuid        not null,
  id           uuid        not null,
  token_hash   bytea       not null unique,
  name         text        not null,
  scopes       text[]      not null,
  created_by   uuid        not null references people (id),
  created_at   timestamptz not null default now(),
  expires_at   timestamptz,
  revoked_at   timestamptz,
  last_used_at timestamptz,
  primary key (bureau_id, id)
);

-- ---------------------------------------------------------------- audit

-- Written unchained in the transaction of the change; the sealer chains committed rows afterwards.
create table audit_entries (
  bureau_id    uuid        not null,
  id           uuid        not null,
  -- The writing transaction: the sealer takes each half-open range of them exactly once.
  xid          xid8        not null default pg_current_xact_id(),
  at           timestamptz not null default clock_timestamp(),
  actor_id     uuid,
  actor_name   text        not null,
  action       text        not null,
  subject_kind text        not null,
  subject_id   text        not null,
  detail       jsonb       not null default '{}',
  primary key (bureau_id, id)
);
-- The sealer's range scan.
create index audit_entries_xid on audit_entries (xid);
-- "What happened to this": newest first.
create index audit_entries_subject on audit_entries (bureau_id, subject_kind, subject_id, id desc);

create table audit_seals (
  bureau_id uuid        not null,
  seq       bigint      not null,
  entry_id  uuid        not null,
  -- HMAC-SHA-256 over the previous seal and the length-prefixed fields of the entry.
  seal      bytea       not null,
  sealed_at timestamptz not null default clock_timestamp(),
  primary key (bureau_id, seq),
  unique (bureau_id, entry_id)
);

-- One row: transactions below `sealed_below` are all sealed.
create table audit_sealer (
  only_row     boolean not null primary key default true check (only_row),
  sealed_below xid8    not null
);
insert into audit_sealer (sealed_below) values ('0');

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are never changed or removed', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger audit_entries_append_only before update or delete or truncate on audit_entries
  for each statement execute function refuse_change();
create trigger audit_seals_append_only before update or delete or truncate on audit_seals
  for each statement execute function refuse_change();
grant select, insert, update on audit_sealer to huisheng_worker;

-- ---------------------------------------------------------------- idempotency, files, keys

create table idempotency_keys (
  bureau_id    uuid        not null,
  -- Person or token that sent the key: two people may use the same words.
  actor_id     uuid        not null,
  key          text        not null,
  request_hash bytea       not null,
  -- Null while the first request is still running.
  status       integer,
  answer       jsonb,
  created_at   timestamptz not null default now(),
  primary key (bureau_id, actor_id, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);

create table files (
  bureau_id  uuid        not null,
  id         uuid        not null,
  sha256     text        not null check (sha256 ~ '^[0-9a-f]{64}$'),
  mime       text        not null,
  size       integer     not null,
  width      integer,
  height     integer,
  name       text        not null,
  -- 128 random bits: the only way to the bytes from outside the desk.
  token      text        not null unique,
  created_by uuid,
  created_at timestamptz not null default now(),
  primary key (bureau_id, id)
);
create unique index files_content on files (bureau_id, sha256);

-- Heartbeats of worker processes, read by the health line and /readyz.
create table heartbeats (
  process_id text        not null primary key,
  roles      text[]      not null,
  started_at timestamptz not null default now(),
  seen_at    timestamptz not null default now(),
  -- The worker saw the clock jump and paused publishing.
  clock_alarm boolean    not null default false
);
grant select on heartbeats to huisheng_staff;
grant select, insert, update, delete on heartbeats to huisheng_worker;

call secure_table('units');
call secure_table('bureau_settings', 'select, update');
call secure_table('memberships');
call secure_table('api_tokens');
call secure_table('audit_entries', 'select, insert');
call secure_table('audit_seals', 'select');
call secure_table('idempotency_keys', 'select, insert, update');
call secure_table('files', 'select, insert');
-- The public reads a picture by its token only, never by listing: the lookup goes through this function.
create function public_file(file_token text)
  returns table (sha256 text, mime text, size integer, name text)
  language sql stable security definer set search_path = public
  as $$ select sha256, mime, size, name from files where token = file_token $$;
grant execute on function public_file(text) to huisheng_public, huisheng_staff, huisheng_worker;
