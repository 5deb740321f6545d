-- Answers on their way are asked for with every step of a case, the undecided ones with every home list.
create index replies_unsettled on replies (bureau_id, case_id)
  where state in ('reviewing', 'due', 'submitting', 'unknown');
create index replies_undecided on replies (bureau_id, submitted_at) where state = 'unknown' and wake_at is null;
