-- Whoever handles a case is told before the platform takes no more answers, and that a case still waits for the person.
alter table case_reminders drop constraint case_reminders_step_check;
alter table case_reminders add constraint case_reminders_step_check check (
  step in ('assigned', 'duty', 'triage', 'waits', 'warn', 'due', 'window', 'late-1', 'late-5', 'day-60', 'day-90'));

-- The home list asks which windows close next, however late the deadlines of their cases are.
create index conversations_windows on conversations (bureau_id, window_ends_at) where window_ends_at is not null;

-- A question from the site is found by the telephone that was left with it: a keyed hash, made by the program, because the number is
-- sealed. What came otherwise has that hash as its person's key; what came from the site before has none and is not found so.
alter table conversations add column phone_key text;
create index conversations_phones on conversations (bureau_id, phone_key) where phone_key is not null;

-- What was done to a comment before says what may be done to it now.
create index comment_checks_comments on comment_checks (bureau_id, account_id, comment_id);
