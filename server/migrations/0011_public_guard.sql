-- What guards the forms that anybody may send without an account: how often, and which proofs of work are used up.
-- Neither belongs to a bureau, and neither names a person: subjects are keyed hashes that change daily.
create table public_rates (
  subject      text        not null primary key,
  window_start timestamptz not null,
  used         integer     not null
);
-- For housekeeping alone.
create index public_rates_old on public_rates (window_start);

create table spent_proofs (
  signature  text        not null primary key,
  expires_at timestamptz not null
);
create index spent_proofs_old on spent_proofs (expires_at);

grant select, insert, update, delete on public_rates, spent_proofs to huisheng_worker;

-- What the public site shows of answers; the view runs with its owner's rights, the public role has none on the table.
create view public_answers as
  select bureau_id, slug, question, answer, field, kind, outcome, bigrams, helpful, unhelpful, published_at, updated_at
  from published_answers where state = 'published';
grant select on public_answers to huisheng_public, huisheng_worker;
