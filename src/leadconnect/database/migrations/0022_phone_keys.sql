-- Placeholders have no key any more, short numbers have one, and numbers in a former form have that of the current form.
-- So all keys are computed again, by a job for each account as in 0019.

set local role leadconnect_directory;

-- Ten minutes later, when a rolling upgrade has left no instance that computes the former keys.
insert into pgqueuer (priority, entrypoint, payload, execute_after, status)
select 0, 'region_changed', convert_to(id::text, 'UTF8'), now() + interval '10 minutes', 'queued' from accounts;

reset role;
