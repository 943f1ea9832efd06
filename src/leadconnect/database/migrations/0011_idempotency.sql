-- Answers that are kept, so that a request which is sent twice is done once.

create table idempotency_keys (
    account_id uuid not null,
    user_id uuid not null,
    route text not null,
    key bytea not null check (octet_length(key) = 32),
    request bytea not null check (octet_length(request) = 32),
    status smallint not null check (status between 200 and 299),
    content_type text not null,
    etag text,
    body bytea not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    primary key (account_id, user_id, route, key),
    foreign key (account_id, user_id) references users (account_id, id)
);
comment on table idempotency_keys is 'The answers of requests that must not be done twice; each is written by the transaction that did it.';
comment on column idempotency_keys.key is 'SHA-256 of the client''s key, or of the content where there is none.';
comment on column idempotency_keys.request is 'Keyed digest of the request: the same key with another one is a mistake.';
comment on column idempotency_keys.body is 'The answer''s body in zlib''s format (RFC 1950).';
alter table idempotency_keys alter column body set storage external;
create index idempotency_keys_expires_idx on idempotency_keys (expires_at);

alter table idempotency_keys enable row level security;
alter table idempotency_keys force row level security;

create policy own_account on idempotency_keys to leadconnect_request using (account_id = (select current_account_id()));
create policy directory on idempotency_keys to leadconnect_directory using (current_user = 'leadconnect_directory');

grant select, insert, update on idempotency_keys to leadconnect_request;
grant select (expires_at), delete on idempotency_keys to leadconnect_directory;
