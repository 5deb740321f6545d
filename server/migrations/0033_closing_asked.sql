-- Who asked to close what nobody answered, or to tell a suggestion's end; another person decides. Why stands in the case's log.
alter table cases add column closing_by uuid;

-- Whoever may decide finds them on the home list.
create index cases_closing on cases (bureau_id, sort_key) where closing_by is not null;

-- Whatever ends a case ends the asking.
create function end_closing_ask() returns trigger language plpgsql as $$
begin
  new.closing_by := null;
  return new;
end $$;
create trigger cases_closing_ask before update on cases
  for each row when (new.state = 'closed' and new.closing_by is not null) execute function end_closing_ask();
