-- Menus of accounts: the draft, what the platform was asked for, what it shows.
create table account_menus (
  bureau_id    uuid        not null,
  account_id   uuid        not null,
  buttons      jsonb       not null default '[]',
  revision     integer     not null default 0,
  -- The worker's errand: publish what `sent` holds and read back, or only read.
  asked        text        check (asked in ('publish', 'read')),
  sent         jsonb,
  published    jsonb,
  read_at      timestamptz,
  published_at timestamptz,
  error        text,
  primary key (bureau_id, account_id),
  foreign key (bureau_id, account_id) references accounts (bureau_id, id)
);
create index account_menus_asked on account_menus (bureau_id, account_id) where asked is not null;
call secure_table('account_menus');
