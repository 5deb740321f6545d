-- Words of a public answer that look like somebody's name or address and that a colleague says are nobody's: a lake, a shop.
alter table published_answers add column nobodys text[] not null default '{}';
alter table published_answer_versions add column nobodys text[] not null default '{}';
