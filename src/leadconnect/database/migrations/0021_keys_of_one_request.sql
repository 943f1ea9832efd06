-- A key of a user names one request, whatever its route. The primary key keeps the route for instances of the version
-- before, which run next to new ones during an upgrade; new ones look a key up without it.

-- A migration is one transaction, so the index is not made concurrently; the table has the answers of one day.
-- squawk-ignore require-concurrent-index-creation
create index idempotency_keys_key_idx on idempotency_keys (account_id, user_id, key);
alter table idempotency_keys add column location text;
comment on column idempotency_keys.location is 'The answer''s header Location, if it had one.';
comment on column idempotency_keys.request is
    'Keyed digest of the request (method, path, query, body): the same key with another one is a mistake.';
