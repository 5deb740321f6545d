-- Urgent cases stand before all others of the queue, critical ones before those: what is taken off is more than any number of
-- seconds that a deadline has. What waits for the person has no deadline and stands behind, however urgent it is.
create or replace function set_case_sort_key() returns trigger language plpgsql as $$
begin
  new.sort_key := case
    when new.state <> 'open' then 1e11 - extract(epoch from coalesce(new.answered_at, new.received_at))
    when new.due_at is null then 9e9
    else extract(epoch from new.due_at) - case new.urgency when 'critical' then 6e10 when 'urgent' then 3e10 else 0 end
  end;
  return new;
end $$;
update cases set urgency = urgency where state = 'open' and urgency <> 'normal';
