-- The directory of services: what the bureau does for people. Few columns and a content of its own schema, so that the
-- directory can grow (links watched, taps counted) without moving what stands here.
create table services (
  bureau_id  uuid        not null,
  id         uuid        not null,
  name       text        not null,
  content    jsonb       not null,
  state      text        not null default 'offered' check (state in ('offered', 'retired')),
  revision   integer     not null default 1,
  created_by uuid        not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (bureau_id, id)
);
create index services_list on services (bureau_id, state, name);
call secure_table('services');
