-- Keys of leads that are older than they are worked out in the background, and the sweep for duplicates walks the keys
-- with their leads in the index alone.

-- A migration is one transaction, so an index is neither dropped nor made concurrently.
-- squawk-ignore require-concurrent-index-deletion
drop index lead_search_phone_idx;
-- squawk-ignore require-concurrent-index-deletion
drop index lead_search_email_idx;
-- squawk-ignore require-concurrent-index-creation
create index lead_search_phone_idx on lead_search (account_id, phone_key, lead_id)
    where phone_key is not null and not is_deleted;
-- squawk-ignore require-concurrent-index-creation
create index lead_search_email_idx on lead_search (account_id, email_key, lead_id)
    where email_key is not null and not is_deleted;

create policy directory on lead_search for select to leadconnect_directory
    using (current_user = 'leadconnect_directory');
grant select (account_id, lead_id, is_keyed) on lead_search to leadconnect_directory;
