-- What became of a suggestion is frozen with the words that a reviewer sees; what is not to be public can be said to be so.
alter table published_answer_versions add column outcome text;

alter table published_answers drop constraint published_answers_state_check;
alter table published_answers add constraint published_answers_state_check
  check (state in ('draft', 'reviewing', 'published', 'withdrawn', 'declined'));

-- The home list asks for suggestions whose end nobody has published yet, or that ended otherwise since.
create index published_answers_outcomes on published_answers (bureau_id, id)
  where kind = 'suggestion' and state in ('draft', 'published');
