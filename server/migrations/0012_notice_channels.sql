-- How notices leave the desk: mail to a person, robots of chat groups; what is on its way, tried again, given up.

-- A bureau's ways out. One row of kind 'mail' (made with the first address), any number of robots.
create table notice_channels (
  bureau_id     uuid        not null,
  id            uuid        not null,
  -- 'mail', or the id of a robot (connectors/robots.ts).
  kind          text        not null,
  name          text        not null,
  sealed_key    bytea,
  sealed_secret bytea,
  -- Kinds of notices a robot says; a person chooses for their own mail.
  kinds         text[]      not null default '{}',
  active        boolean     not null default true,
  -- The breaker: failures in a row, and until when nothing is tried.
  failures      integer     not null default 0,
  held_until    timestamptz,
  last_error    text,
  last_error_at timestamptz,
  last_sent_at  timestamptz,
  created_at    timestamptz not null default now(),
  primary key (bureau_id, id),
  check (kind = 'mail' or sealed_key is not null)
);
create unique index notice_channels_mail on notice_channels (bureau_id) where kind = 'mail';

create table notice_preferences (
  bureau_id   uuid  not null,
  person_id   uuid  not null references people (id),
  -- Sealed: a person's address.
  sealed_mail bytea,
  mail_when   text  not null default 'all' check (mail_when in ('off', 'urgent', 'all')),
  primary key (bureau_id, person_id)
);

-- One notice on one way. Made with the notice, so that none is forgotten; sent at least once.
create table notice_sendings (
  bureau_id    uuid        not null,
  id           uuid        not null default gen_random_uuid(),
  notice_id    uuid        not null,
  channel_id   uuid        not null,
  -- Whose mail; null for a robot.
  person_id    uuid        references people (id),
  state        text        not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
  next_at      timestamptz not null,
  -- A process that took it and died is waited for until then.
  leased_until timestamptz,
  tries        integer     not null default 0,
  last_error   text,
  ended_at     timestamptz,
  primary key (bureau_id, id),
  unique nulls not distinct (bureau_id, notice_id, channel_id, person_id),
  foreign key (bureau_id, notice_id) references notices (bureau_id, id) on delete cascade,
  foreign key (bureau_id, channel_id) references notice_channels (bureau_id, id)
);
-- What is due, asked each second.
create index notice_sendings_due on notice_sendings (next_at) where state = 'waiting';
-- What waits for one destination, gathered into one message; and what failed, for the screen.
create index notice_sendings_channel on notice_sendings (bureau_id, channel_id, state);
-- How the last mail to a person went.
create index notice_sendings_person on notice_sendings (bureau_id, person_id, next_at desc) where person_id is not null;
-- Old notices are forgotten by age.
create index notices_age on notices (created_at);

call secure_table('notice_channels');
call secure_table('notice_preferences');
call secure_table('notice_sendings');
