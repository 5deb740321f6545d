-- Passwords that people choose, a second factor, recovery codes.

-- Null while the password is one the program made: under the profile 'dengbao' such a password opens nothing but the
-- page where it is changed. Until now nobody could change theirs, so everybody's is null.
alter table people add column password_chosen_at timestamptz;

-- Staff see who somebody is, of every bureau; never the hash.
revoke select on people from huisheng_staff;
grant select (id, login, name, disabled_at, created_at) on people to huisheng_staff;

-- TOTP (RFC 6238). Like people and sessions these belong to a person, not to a bureau, and only the worker's role may
-- touch them.
create table second_factors (
  person_id      uuid        not null primary key references people (id),
  -- In force once confirmed by a first code.
  sealed_secret  bytea,
  confirmed_at   timestamptz,
  -- Time step of the last code taken: none is taken twice, nor an earlier one after it.
  last_step      bigint      not null default 0,
  -- Shown to its owner and not confirmed yet; the one in force stays until then.
  sealed_pending bytea,
  pending_at     timestamptz,
  check ((sealed_secret is null) = (confirmed_at is null)),
  check ((sealed_pending is null) = (pending_at is null))
);
grant select, insert, update, delete on second_factors to huisheng_worker;

-- sha256 of codes of 80 random bits; a code that was used is gone.
create table recovery_codes (
  person_id uuid  not null references people (id),
  code_hash bytea not null,
  primary key (person_id, code_hash)
);
grant select, insert, delete on recovery_codes to huisheng_worker;
