-- API keys; and what erasing an account needs: which account a job is for, and an index for a foreign key.

create table api_keys (
    account_id uuid not null,
    user_id uuid not null,
    digest text not null,
    prefix text not null,
    last4 text not null,
    created_at timestamptz not null default now(),
    last_used_at timestamptz,
    primary key (account_id, user_id),
    foreign key (account_id, user_id) references users (account_id, id)
);
comment on table api_keys is 'The one key of a user, with which a program calls in their name. One that is revoked is deleted.';
comment on column api_keys.digest is 'SHA-256 of the key, in hex; the key itself is never stored.';
comment on column api_keys.last_used_at is 'Noted at most once a minute.';
create unique index api_keys_digest_key on api_keys (digest);

alter table api_keys enable row level security;
alter table api_keys force row level security;
create policy own_account on api_keys to leadconnect_request using (account_id = (select current_account_id()));
create policy directory on api_keys to leadconnect_directory using (current_user = 'leadconnect_directory');
grant select, insert, update, delete on api_keys to leadconnect_request;
grant select, update (last_used_at) on api_keys to leadconnect_directory;

create function caller_by_api_key(given_digest text) returns setof caller
    language plpgsql security definer set search_path = pg_catalog, public rows 1
as $$
declare
    found_caller caller;
begin
    select k.account_id, k.user_id, null, u.role, a.owner_id = u.id, o.is_active and o.deleted_at is null,
        coalesce(p.can_view_leads, false), coalesce(p.can_edit_leads, false), coalesce(p.can_add_leads, false),
        coalesce(p.can_export_leads, false),
        o.id, o.email, o.full_name, o.role, o.custom_role, a.company_name, a.company_size, a.industry, a.website,
        o.phone_number, a.subscription_status, a.subscription_plan, o.created_at, greatest(o.updated_at, a.updated_at),
        k.last_used_at, false, false
    into found_caller
    from api_keys k
    join users u on u.account_id = k.account_id and u.id = k.user_id
    join accounts a on a.id = k.account_id
    join users o on o.account_id = a.id and o.id = a.owner_id
    left join user_permissions p on p.account_id = k.account_id and p.user_id = k.user_id
    where k.digest = given_digest and u.is_active and u.deleted_at is null;
    if not found then
        return;
    end if;
    if found_caller.last_seen_at is null or found_caller.last_seen_at < now() - interval '1 minute' then
        update api_keys k set last_used_at = now()
        where k.digest = given_digest and (k.last_used_at is null or k.last_used_at < now() - interval '1 minute');
        -- Another call noted the use at this moment, or the key was revoked: then nobody calls here either.
        if not found and not exists (select from api_keys k where k.digest = given_digest) then
            return;
        end if;
    end if;
    return next found_caller;
end
$$;
comment on function caller_by_api_key(text) is 'The caller whose API key has this digest, in no session; notes the use at most once a minute.';

do $$
begin
    execute 'grant create on schema public to leadconnect_directory';
    revoke all on function caller_by_api_key(text) from public;
    grant execute on function caller_by_api_key(text) to leadconnect_request;
    alter function caller_by_api_key(text) owner to leadconnect_directory;
    -- The login role asks who calls without taking on a role first: one round trip instead of three.
    execute 'set local role leadconnect_directory';
    execute format('grant execute on function caller_by_api_key(text) to %I', session_user);
    execute 'reset role';
    execute 'revoke create on schema public from leadconnect_directory';
end
$$;

-- What a job carries is sealed, or ids; so its row says by itself whose it is. Nobody else names these columns.
alter table pgqueuer add column for_account uuid;
alter table pgqueuer alter column for_account set default current_account_id();
comment on column pgqueuer.for_account is 'The account of the transaction that added the job; null where none was named.';
alter table job_keys add column for_account uuid;
alter table job_keys alter column for_account set default current_account_id();
comment on column job_keys.for_account is 'The account of the transaction that took the key; null where none was named.';

-- A lead is erased with its account alone; without this, each one would be looked for in all of the account's rows.
-- A migration is one transaction, so the index is not made concurrently.
-- squawk-ignore require-concurrent-index-creation
create index notifications_lead_idx on notifications (account_id, lead_id) where lead_id is not null;
