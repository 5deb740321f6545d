-- Links that open a platform's app on a phone with everything filled in: made by the worker when the page of a task asks, one
-- row a task, good for a short time and made anew on demand. Read by the page's token only, never by staff.

create table app_links (
  bureau_id uuid        not null,
  task_id   uuid        not null,
  state     text        not null check (state in ('making', 'ready', 'failed')),
  phone     text,
  -- Short enough for a QR code; null where the platform gives none.
  desk      text,
  until     timestamptz,
  -- Why there is none; the steps by hand always remain.
  failure   text,
  -- Set while the worker is to make one.
  wake_at   timestamptz,
  asked_at  timestamptz not null default clock_timestamp(),
  primary key (bureau_id, task_id),
  foreign key (bureau_id, task_id) references assisted_tasks (bureau_id, id) on delete cascade
);
-- The scanner's question.
create index app_links_wake on app_links (wake_at) where wake_at is not null;

call secure_table('app_links', 'select');
