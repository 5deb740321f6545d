-- Posts that were published elsewhere, by hand or before this program came, are deliveries too (mode `registered`), with
-- a title of their own and, where there is one, an article. Figures of every post and account, however they were got.

alter table deliveries
  alter column package_id drop not null,
  alter column article_id drop not null,
  -- Of a registered post; the others have the title of their article.
  add column title         text,
  add column registered_by uuid,
  -- The address without what differs from one sharing to the next: the same post has the same key.
  add column link_key      text,
  add constraint deliveries_registered check (
    case when mode = 'registered'
      then title is not null and link_key is not null and registered_by is not null and state in ('published', 'withdrawn')
      else package_id is not null and article_id is not null
    end);
-- A post is registered once, whoever is quicker.
create unique index deliveries_registered_once on deliveries (bureau_id, account_id, link_key) where mode = 'registered';
-- Whose post a pasted link is: figures by link, and duplicates of what went out from here.
create index deliveries_link on deliveries (bureau_id, link_key) where link_key is not null;
-- The table of figures: newest first among what is or was out.
create index deliveries_out on deliveries (bureau_id, published_at desc, id desc) where published_at is not null;

-- Running totals of one post at one moment; the points of its curve.
create table figures (
  bureau_id   uuid        not null,
  delivery_id uuid        not null,
  -- shared/abilities.ts
  metric      text        not null,
  -- The moment the total speaks of.
  as_of       timestamptz not null,
  -- Null says that the platform does not give it; that nobody looked is no row. Zero is a figure.
  value       bigint      check (value >= 0),
  capture     text        not null check (capture in ('api', 'file', 'hand', 'unavailable')),
  captured_at timestamptz not null default clock_timestamp(),
  captured_by uuid,
  primary key (bureau_id, delivery_id, metric, as_of),
  foreign key (bureau_id, delivery_id) references deliveries (bureau_id, id) on delete cascade,
  check ((value is null) = (capture = 'unavailable'))
);

-- The same of an account: followers, posts.
create table account_figures (
  bureau_id   uuid        not null,
  account_id  uuid        not null,
  metric      text        not null,
  as_of       timestamptz not null,
  value       bigint      check (value >= 0),
  capture     text        not null check (capture in ('api', 'file', 'hand', 'unavailable')),
  captured_at timestamptz not null default clock_timestamp(),
  captured_by uuid,
  primary key (bureau_id, account_id, metric, as_of),
  foreign key (bureau_id, account_id) references accounts (bureau_id, id),
  check ((value is null) = (capture = 'unavailable'))
);

call secure_table('figures');
call secure_table('account_figures');

create view facts.publishing_figures with (security_invoker = true) as
  select f.bureau_id, f.delivery_id, d.article_id, d.account_id, f.metric, f.value, f.as_of, f.capture, f.captured_at
  from figures f
  join deliveries d on d.bureau_id = f.bureau_id and d.id = f.delivery_id;

create view facts.publishing_account_figures with (security_invoker = true) as
  select bureau_id, account_id, metric, value, as_of, capture, captured_at
  from account_figures;

grant select on facts.publishing_figures, facts.publishing_account_figures to huisheng_staff, huisheng_worker;
