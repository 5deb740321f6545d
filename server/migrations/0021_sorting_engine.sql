-- A later version of the program may learn otherwise or write its models otherwise: which one made a model is kept, and a
-- model of another is not read but made anew.
alter table sorting_models add column engine integer not null default 1;
