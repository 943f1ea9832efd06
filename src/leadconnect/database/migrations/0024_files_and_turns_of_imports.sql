-- Files of imports are dropped as soon as nobody can need them, and an import that waits knows its position.

alter table imports add column kept_bytes bigint;
comment on column imports.kept_bytes is 'How much of the file is still kept; null while it is the whole.';

create policy directory on import_chunks to leadconnect_directory using (current_user = 'leadconnect_directory');
grant delete on import_chunks to leadconnect_request;
grant select (account_id, import_id, number), delete on import_chunks to leadconnect_directory;
grant update (kept_bytes) on imports to leadconnect_directory;
grant select (status) on pgqueuer to leadconnect_request;
