-- What a platform is known to allow, counted before each call and by all processes together, so that it never has to
-- refuse. One row a limit: the moments of the last calls inside its window, oldest first.
create table call_uses (
  -- An account id or 'app:<platform>:<app>', as in call_holds.
  subject   text          not null,
  -- 'posts' or 'calls', with the window: 'posts:3600000'.
  name      text          not null,
  most      integer       not null check (most >= 0),
  window_ms bigint        not null check (window_ms > 0),
  -- How many the last asker got.
  granted   integer       not null,
  spent     timestamptz[] not null,
  primary key (subject, name)
);
grant select, insert, update, delete on call_uses to huisheng_worker;

-- A post that was there at its time and had to wait (a limit, an absence seen twice): lateness counts from here.
alter table deliveries add column resume_at timestamptz;
