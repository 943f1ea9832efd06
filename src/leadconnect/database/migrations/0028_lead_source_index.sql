-- The filter leadSource counted its leads by reading all of them.

-- A migration is one transaction, so no index is made concurrently.
-- squawk-ignore require-concurrent-index-creation
create index leads_source_idx on leads (account_id, lead_source, created_at desc, id desc) where deleted_at is null;
