-- More names of countries are known, so the keys of national numbers are worked out anew, as after a move to another
-- region: by a job an account, slice by slice, which writes only those that are others than before. To mark the leads
-- here would write all of them.

set local role leadconnect_directory;

-- Ten minutes on, when an upgrade one instance after the other has left none that knows the former names.
insert into pgqueuer (priority, entrypoint, payload, execute_after, status)
select 0, 'region_changed', convert_to(id::text, 'UTF8'), now() + interval '10 minutes', 'queued' from accounts;

reset role;
