-- A section is told of what the program gave it.
alter table case_reminders drop constraint case_reminders_step_check;
alter table case_reminders add constraint case_reminders_step_check
  check (step in ('assigned', 'duty', 'triage', 'warn', 'due', 'late-1', 'late-5', 'day-60', 'day-90'));
