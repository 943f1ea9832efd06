-- Sessions and their tokens, password-reset codes, throttles, and the look-ups made before an account is known.

create table sessions (
    account_id uuid not null,
    id uuid not null,
    user_id uuid not null,
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    authenticated_at timestamptz not null default now(),
    expires_at timestamptz not null,
    mode text not null default 'legacy' check (mode in ('legacy', 'rotating')),
    address text,
    user_agent text,
    revoked_at timestamptz,
    revoked_reason text,
    primary key (account_id, id),
    foreign key (account_id, user_id) references users (account_id, id)
);
comment on column sessions.authenticated_at is 'When a password was last proven in this session.';
create index sessions_user_idx on sessions (account_id, user_id, created_at) where revoked_at is null;
create index sessions_expires_idx on sessions (expires_at);

create table tokens (
    account_id uuid not null,
    id uuid not null,
    session_id uuid not null,
    user_id uuid not null,
    token text not null,
    token_type text not null check (token_type in ('access', 'refresh')),
    expires_at timestamptz not null,
    created_at timestamptz not null default now(),
    primary key (account_id, id),
    foreign key (account_id, session_id) references sessions (account_id, id) on delete cascade,
    foreign key (account_id, user_id) references users (account_id, id)
);
comment on column tokens.token is 'SHA-256 of the token, in hex; the token itself is never stored.';
create unique index tokens_token_key on tokens (token);
create index tokens_session_idx on tokens (account_id, session_id, created_at);
create index tokens_expires_idx on tokens (expires_at);

create table password_resets (
    account_id uuid not null,
    id uuid not null,
    user_id uuid not null,
    email text not null,
    otp text not null,
    attempt_count smallint not null default 0 check (attempt_count between 0 and 5),
    expires_at timestamptz not null,
    used_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (account_id, id),
    foreign key (account_id, user_id) references users (account_id, id)
);
comment on column password_resets.otp is 'Keyed digest of the code.';
create index password_resets_user_idx on password_resets (account_id, user_id, created_at desc);
create index password_resets_expires_idx on password_resets (expires_at);

create table throttles (
    key text primary key,
    used_count integer not null,
    window_ends_at timestamptz not null
);
comment on table throttles is 'Attempts within a window, for all instances and accounts. The key is a keyed digest of what is counted.';
create index throttles_window_idx on throttles (window_ends_at);

alter table sessions enable row level security;
alter table sessions force row level security;
alter table tokens enable row level security;
alter table tokens force row level security;
alter table password_resets enable row level security;
alter table password_resets force row level security;

create policy own_account on sessions to leadconnect_request using (account_id = (select current_account_id()));
create policy own_account on tokens to leadconnect_request using (account_id = (select current_account_id()));
create policy own_account on password_resets to leadconnect_request using (account_id = (select current_account_id()));
create policy directory on sessions to leadconnect_directory using (current_user = 'leadconnect_directory');
create policy directory on tokens to leadconnect_directory using (current_user = 'leadconnect_directory');
create policy directory on password_resets to leadconnect_directory using (current_user = 'leadconnect_directory');

grant select, insert, update on sessions, password_resets to leadconnect_request;
grant select, insert, update, delete on tokens to leadconnect_request;
grant select, insert, update on throttles to leadconnect_request;
grant select, update, delete on sessions, tokens, password_resets to leadconnect_directory;
grant select, delete on throttles to leadconnect_directory;

create type caller as (
    account_id uuid,
    user_id uuid,
    session_id uuid,
    role text,
    is_owner boolean,
    owner_is_active boolean,
    can_view_leads boolean,
    can_edit_leads boolean,
    can_add_leads boolean,
    can_export_leads boolean,
    owner_id uuid,
    owner_email text,
    owner_full_name text,
    owner_role text,
    owner_custom_role text,
    company_name text,
    company_size text,
    industry text,
    website text,
    owner_phone_number text,
    subscription_status text,
    subscription_plan text,
    owner_created_at timestamptz,
    owner_updated_at timestamptz,
    last_seen_at timestamptz
);
comment on type caller is 'Who calls, everything that decides what they may do, and the owner of their account, whom leads show.';

create function caller_by_token(digest text, kind text) returns setof caller
    language plpgsql security definer set search_path = pg_catalog, public rows 1
as $$
declare
    found_caller caller;
begin
    select t.account_id, t.user_id, t.session_id, u.role, a.owner_id = u.id, o.is_active and o.deleted_at is null,
        coalesce(p.can_view_leads, false), coalesce(p.can_edit_leads, false), coalesce(p.can_add_leads, false),
        coalesce(p.can_export_leads, false),
        o.id, o.email, o.full_name, o.role, o.custom_role, a.company_name, a.company_size, a.industry, a.website,
        o.phone_number, a.subscription_status, a.subscription_plan, o.created_at, greatest(o.updated_at, a.updated_at),
        s.last_seen_at
    into found_caller
    from tokens t
    join sessions s on s.account_id = t.account_id and s.id = t.session_id
    join users u on u.account_id = t.account_id and u.id = t.user_id
    join accounts a on a.id = t.account_id
    join users o on o.account_id = a.id and o.id = a.owner_id
    left join user_permissions p on p.account_id = t.account_id and p.user_id = t.user_id
    where t.token = digest and t.token_type = kind and t.expires_at > now()
        and s.revoked_at is null and s.expires_at > now() and u.is_active and u.deleted_at is null;
    if not found then
        return;
    end if;
    if found_caller.last_seen_at < now() - interval '1 minute' then
        update sessions s set last_seen_at = now()
        where s.account_id = found_caller.account_id and s.id = found_caller.session_id
            and s.last_seen_at < now() - interval '1 minute';
    end if;
    return next found_caller;
end
$$;
comment on function caller_by_token(text, text) is 'The caller who holds the live token of this digest and kind; notes the use at most once a minute.';

create function log_in_candidate(address text)
    returns table (account_id uuid, user_id uuid, password text, is_active boolean, chosen_at timestamptz)
    language sql stable security definer set search_path = pg_catalog, public rows 1
begin atomic
    select u.account_id, u.id, u.password, u.is_active, s.last_password_change
    from users u
    join security_settings s on s.account_id = u.account_id and s.user_id = u.id
    where u.email_normal = address and u.deleted_at is null;
end;
comment on function log_in_candidate(text) is 'The user of a normalised address, with the stored hash that a password is compared with.';

create function reserve_code_attempt(address text, most_attempts integer)
    returns table (account_id uuid, user_id uuid, is_active boolean, code_id uuid, otp text)
    language sql volatile security definer set search_path = pg_catalog, public rows 1
begin atomic
    update password_resets r set attempt_count = r.attempt_count + 1
    from users u
    where u.email_normal = address and u.deleted_at is null and r.account_id = u.account_id
        and r.id = (
            select newest.id from password_resets newest
            where newest.account_id = u.account_id and newest.user_id = u.id
            order by newest.created_at desc, newest.id desc limit 1
        )
        and r.attempt_count < most_attempts and r.used_at is null and r.expires_at > now()
    returning r.account_id, r.user_id, u.is_active, r.id, r.otp;
end;
comment on function reserve_code_attempt(text, integer) is 'The newest code of the user of a normalised address, with one more guess counted; nothing when it has ended or its guesses are used up.';

do $$
declare
    routine regprocedure;
begin
    execute 'grant create on schema public to leadconnect_directory';
    foreach routine in array array[
        'caller_by_token(text, text)', 'log_in_candidate(text)', 'reserve_code_attempt(text, integer)'
    ]::regprocedure[] loop
        execute format('revoke all on function %s from public', routine);
        execute format('grant execute on function %s to leadconnect_request', routine);
        execute format('alter function %s owner to leadconnect_directory', routine);
        -- The login role asks who calls without taking on a role first: one round trip instead of three.
        execute 'set local role leadconnect_directory';
        execute format('grant execute on function %s to %I', routine, session_user);
        execute 'reset role';
    end loop;
    execute 'revoke create on schema public from leadconnect_directory';
end
$$;
