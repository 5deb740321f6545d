-- Figures of the queue are counted from an index alone: open cases by section, with what tells overdue and due today.
create index cases_open on cases (bureau_id, unit_id, due_at, owner_id) where state = 'open';
