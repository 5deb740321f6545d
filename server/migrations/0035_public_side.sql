-- What people meet on the site: answers found by each word, services before a question is sent, and a withdrawal that reads as one.

-- The words as a search compares them. Kept beside them, because folding ten thousand answers for one common word takes
-- 150 ms, and the whole search over what is folded 30 ms.
alter table published_answers
  add column folded text generated always as (lower(normalize(question || E'\n' || answer, NFKC))) stored;
create or replace view public_answers as
  select bureau_id, slug, question, answer, field, kind, outcome, bigrams, helpful, unhelpful, published_at, updated_at, folded
  from published_answers where state = 'published';

-- Only what is offered, and nothing of who wrote it down.
create view public_services as
  select bureau_id, id, name, content from services where state = 'offered';
grant select on public_services to huisheng_public, huisheng_worker;

-- Taken back by whoever wrote it: neither answered nor closed by the office.
alter table cases drop constraint cases_outcome_check;
alter table cases add constraint cases_outcome_check
  check (outcome in ('answered', 'no-answer', 'adopted', 'not-adopted', 'spam', 'merged', 'withdrawn'));
update cases c set outcome = 'withdrawn', outcome_note = null
  where outcome = 'no-answer' and outcome_note = '来信人自行撤回'
    and exists (select from case_events e
                where e.bureau_id = c.bureau_id and e.case_id = c.id and e.event = 'closed' and e.actor_id is null);
