-- How many agreed with a comment, as the platform told at the last poll; null where it tells none. Not in messages, whose
-- rows never change.
alter table conversations add column likes integer check (likes >= 0);
