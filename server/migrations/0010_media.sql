-- The media library: resumable uploads, videos beside pictures, what a file is used by, and when unused ones go.

-- A video may have 4 GB; `integer` ends at 2.
drop function public_file(text);
alter table files
  alter column size type bigint,
  add column kind            text not null default 'picture' check (kind in ('picture', 'video')),
  -- What it shows, for those who cannot see it; the first words offered wherever the file is used.
  add column alt             text not null default '',
  -- sha256 of the bytes that were sent, before they were cleaned: the same file again is recognised by it.
  add column original_sha256 text check (original_sha256 ~ '^[0-9a-f]{64}$'),
  -- Difference hash of a picture: near duplicates differ in few bits (content/media/look.ts).
  add column look            bit(128),
  add column duration_ms     integer,
  -- Of a video: codecs, rotation, how they were read and how its metadata was removed (shared/media.ts).
  add column facts           jsonb,
  -- The first frame of a video.
  add column cover_id        uuid,
  -- What this one was cut from, and where ({x, y, width, height} in its pixels).
  add column parent_id       uuid,
  add column crop            jsonb,
  -- Since when nothing refers to it; null while something does. Unused ones are deleted after seven days.
  add column unused_since    timestamptz default now(),
  add foreign key (bureau_id, cover_id) references files (bureau_id, id),
  add foreign key (bureau_id, parent_id) references files (bureau_id, id);
create function public_file(file_token text)
  returns table (sha256 text, mime text, size bigint, name text)
  language sql stable security definer set search_path = public
  as $$ select sha256, mime, size, name from files where token = file_token $$;
grant execute on function public_file(text) to huisheng_public, huisheng_staff, huisheng_worker;
grant update (name, alt, unused_since) on files to huisheng_staff;
-- The library: newest first.
create index files_newest on files (bureau_id, created_at desc, id desc);
create index files_original on files (bureau_id, original_sha256) where original_sha256 is not null;
create index files_unused on files (unused_since) where unused_since is not null;
create index files_parent on files (bureau_id, parent_id) where parent_id is not null;
create index files_cover on files (bureau_id, cover_id) where cover_id is not null;

-- Who refers to a file: a working copy ('article'), a frozen version ('version', for ever), a note
-- or message of a case ('case'). Kept by whoever owns the
-- reference, in the transaction that changes it.
create table file_uses (
  bureau_id  uuid not null,
  owner_kind text not null,
  owner_id   uuid not null,
  file_id    uuid not null,
  primary key (bureau_id, owner_kind, owner_id, file_id),
  foreign key (bureau_id, file_id) references files (bureau_id, id)
);
create index file_uses_file on file_uses (bureau_id, file_id);

-- What articles and versions refer to so far.
insert into file_uses (bureau_id, owner_kind, owner_id, file_id)
select distinct bureau_id, owner_kind, owner_id, file_id from (
  select bureau_id, 'article' as owner_kind, id as owner_id,
         (jsonb_path_query(working, '$.**.fileId') #>> '{}')::uuid as file_id from articles
  union all
  select bureau_id, 'article', id, (working ->> 'coverFileId')::uuid from articles
  union all
  select bureau_id, 'version', id,
         (jsonb_path_query(content -> 'article', '$.**.fileId') #>> '{}')::uuid from article_versions
  union all
  select bureau_id, 'version', id, (content -> 'article' ->> 'coverFileId')::uuid from article_versions
  union all
  select bureau_id, 'case', coalesce(note_id, message_id), file_id from case_files
) as found
where exists (select from files f where f.bureau_id = found.bureau_id and f.id = found.file_id)
on conflict do nothing;
update files f set unused_since = null
where exists (select from file_uses u where u.bureau_id = f.bureau_id and u.file_id = f.id);

-- Files that are sent in parts. The bytes received so far lie in the data directory; `received` counts those that are
-- synced there.
create table uploads (
  bureau_id   uuid        not null,
  id          uuid        not null,
  created_by  uuid        not null,
  name        text        not null,
  size        bigint      not null check (size > 0),
  -- As the sender computed it; compared at the end.
  sha256      text        check (sha256 ~ '^[0-9a-f]{64}$'),
  -- How the sender's program knows the file again after a reload.
  fingerprint text        not null,
  received    bigint      not null default 0 check (received between 0 and size),
  state       text        not null default 'open' check (state in ('open', 'received', 'done', 'failed')),
  -- A code of shared/errors.ts.
  problem     text,
  file_id     uuid,
  was_there   boolean     not null default false,
  -- A worker is at it until then; it moves the time on while it lives.
  leased_until timestamptz,
  created_at  timestamptz not null default now(),
  touched_at  timestamptz not null default now(),
  primary key (bureau_id, id)
);
-- What waits for a worker, and what was left behind.
create index uploads_waiting on uploads (touched_at) where state = 'received';
create index uploads_touched on uploads (touched_at);

-- Bytes whose last row is gone. They leave the disk a day later, so that a backup under way still finds them.
create table file_removals (
  bureau_id uuid        not null,
  sha256    text        not null,
  since     timestamptz not null default now(),
  primary key (bureau_id, sha256)
);

call secure_table('file_uses', 'select, insert, delete');
call secure_table('uploads', 'select, insert, update, delete');
call secure_table('file_removals', 'select');
