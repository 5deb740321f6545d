-- What people send: fetched from platforms before they forget it, and kept apart from the library.

alter table files
  -- `inbox`: belongs to messages and notes of cases. It stands in no library and has no public address.
  add column shelf text not null default 'library' check (shelf in ('library', 'inbox')),
  drop constraint files_kind_check,
  add constraint files_kind_check check (kind in ('picture', 'video', 'audio', 'document')),
  add constraint files_shelf_kind check (kind in ('picture', 'video') or shelf = 'inbox');

-- What stood beside cases alone so far goes to its shelf.
update files f set shelf = 'inbox'
where exists (select from file_uses u where u.bureau_id = f.bureau_id and u.file_id = f.id and u.owner_kind = 'case')
  and not exists (select from file_uses u
                  where u.bureau_id = f.bureau_id and u.file_id = f.id and u.owner_kind <> 'case')
  and not exists (select from files d where d.bureau_id = f.bureau_id and d.parent_id = f.id);

grant update (shelf) on files to huisheng_staff;

create or replace function public_file(file_token text)
  returns table (sha256 text, mime text, size bigint, name text)
  language sql stable security definer set search_path = public
  as $$ select sha256, mime, size, name from files where token = file_token and shelf = 'library' $$;

drop index files_newest;
create index files_newest on files (bureau_id, created_at desc, id desc) where shelf = 'library';

-- Files of messages that lie on a platform: to be fetched, and what became of it. What names them there stands in
-- messages.attachment.
create table inbound_files (
  bureau_id  uuid        not null,
  message_id uuid        not null,
  account_id uuid        not null,
  -- `lost`: the platform has it no more, or never gave it. `refused`: it did not pass our own checks.
  state      text        not null check (state in ('waiting', 'kept', 'lost', 'refused')),
  -- Why, where it is lost or refused, or why it still waits: the platform's code, or ours.
  failure    text,
  tries      integer     not null default 0,
  asked_at   timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  wake_at    timestamptz,
  primary key (bureau_id, message_id),
  foreign key (bureau_id, message_id) references messages (bureau_id, id),
  foreign key (bureau_id, account_id) references accounts (bureau_id, id)
);
create index inbound_files_wake on inbound_files (wake_at);
call secure_table('inbound_files', 'select');
