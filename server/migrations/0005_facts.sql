-- The only doors analytics and assessment may use; made by the owners of the tables. security_invoker keeps
-- row security in force for whoever asks.
create schema facts;
grant usage on schema facts to huisheng_staff, huisheng_worker;

create view facts.publishing_deliveries with (security_invoker = true) as
  select bureau_id, id, article_id, account_id, platform, mode, reach, state, due_at, submitted_at, published_at, late_seconds
  from deliveries;

create view facts.inbox_cases with (security_invoker = true) as
  select bureau_id, id, kind, field, state, unit_id, received_at, due_at, answered_at
  from cases;

create view facts.inbox_messages with (security_invoker = true) as
  select bureau_id, id, account_id, conversation_id, direction, at, received_at
  from messages;

grant select on all tables in schema facts to huisheng_staff, huisheng_worker;
