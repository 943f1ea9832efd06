-- A second factor by mail, rotating refresh tokens, an idle timeout that acts, and the devices a user has signed in from.

create table two_factor_codes (
    account_id uuid not null,
    id uuid not null,
    user_id uuid not null,
    purpose text not null check (purpose in ('sign in', 'switch off')),
    otp text not null,
    attempt_count smallint not null default 0 check (attempt_count between 0 and 5),
    challenge_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    created_at timestamptz not null default clock_timestamp(),
    primary key (account_id, id),
    foreign key (account_id, user_id) references users (account_id, id)
);
comment on column two_factor_codes.otp is 'Keyed digest of the code.';
comment on column two_factor_codes.challenge_at is 'When the password was proven, or the switching off asked for, that the code belongs to.';
create index two_factor_codes_user_idx on two_factor_codes (account_id, user_id, purpose, created_at desc);
create index two_factor_codes_expires_idx on two_factor_codes (expires_at);

create table known_devices (
    account_id uuid not null,
    user_id uuid not null,
    device text not null,
    first_seen_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    primary key (account_id, user_id, device),
    foreign key (account_id, user_id) references users (account_id, id)
);
comment on column known_devices.device is 'Keyed digest of user, user agent and network.';
create index known_devices_last_seen_idx on known_devices (last_seen_at);

alter table sessions
    add column refreshed_at timestamptz,
    add column generation integer not null default 1,
    add column confirmed_generation integer not null default 1;
comment on column sessions.refreshed_at is 'When a refresh token of the session was last used; the first use decides about the mode.';
comment on column sessions.generation is 'Of the newest refresh token; grows with each rotation.';
comment on column sessions.confirmed_generation is 'The newest generation that is known to have arrived, for an access token of it was used.';

alter table tokens
    add column generation integer not null default 1,
    add column first_used_at timestamptz;
comment on column tokens.first_used_at is 'When a rotating refresh token was first presented.';

alter table two_factor_codes enable row level security;
alter table two_factor_codes force row level security;
alter table known_devices enable row level security;
alter table known_devices force row level security;

create policy own_account on two_factor_codes to leadconnect_request using (account_id = (select current_account_id()));
create policy own_account on known_devices to leadconnect_request using (account_id = (select current_account_id()));
create policy directory on two_factor_codes to leadconnect_directory using (current_user = 'leadconnect_directory');
create policy directory on known_devices to leadconnect_directory using (current_user = 'leadconnect_directory');

grant select, insert, update on two_factor_codes, known_devices to leadconnect_request;
grant select, update, delete on two_factor_codes to leadconnect_directory;
grant select, delete on known_devices to leadconnect_directory;

create function reserve_two_factor_attempt(address text, wanted text, most_attempts integer)
    returns table (account_id uuid, user_id uuid, is_active boolean, code_id uuid, otp text)
    language sql volatile security definer set search_path = pg_catalog, public rows 1
begin atomic
    with newest as (
        select c.account_id, c.user_id, u.is_active, c.id
        from users u
        join two_factor_codes c on c.account_id = u.account_id and c.id = (
            select latest.id from two_factor_codes latest
            where latest.account_id = u.account_id and latest.user_id = u.id and latest.purpose = wanted
            order by latest.created_at desc, latest.id desc limit 1
        )
        where u.email_normal = address and u.deleted_at is null and c.used_at is null and c.expires_at > now()
    ),
    reserved as (
        update two_factor_codes c set attempt_count = c.attempt_count + 1
        from newest
        where c.account_id = newest.account_id and c.id = newest.id
            and c.attempt_count < most_attempts and c.used_at is null
        returning c.account_id, c.id, c.otp
    )
    select newest.account_id, newest.user_id, newest.is_active, newest.id, reserved.otp
    from newest
    left join reserved on reserved.account_id = newest.account_id and reserved.id = newest.id;
end;
comment on function reserve_two_factor_attempt(text, text, integer) is 'The newest code of this purpose of the user of a normalised address, if it is open, with one more guess counted; its digest is null when the guesses are used up.';

-- The look-up of every request. What is new in it costs nothing as long as a session is used at least once a minute.
-- No release calls it yet.
-- squawk-ignore ban-drop-function
drop function caller_by_token(text, text);
alter type caller add attribute has_idled boolean, add attribute confirms boolean;
comment on type caller is 'Who calls, everything that decides what they may do, and the owner of their account, whom leads show. has_idled: the session has just ended for its silence, and nobody calls.';

create function caller_by_token(digest text, kind text, ends_idle boolean, unchosen_timeout interval)
    returns setof caller
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
        s.last_seen_at, false, t.generation > s.confirmed_generation and kind = 'access'
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
        -- The shortest timeout is 15 minutes. One more is allowed, because the last use is noted once a minute.
        if ends_idle and found_caller.last_seen_at <= now() - interval '16 minutes' then
            update sessions s set revoked_at = now(), revoked_reason = 'idle'
            from security_settings c
            where s.account_id = found_caller.account_id and s.id = found_caller.session_id and s.revoked_at is null
                and c.account_id = s.account_id and c.user_id = s.user_id
                and s.last_seen_at <= now() - interval '1 minute'
                    - coalesce(make_interval(mins => c.session_timeout::integer), unchosen_timeout);
            if found then
                found_caller.has_idled := true;
                return next found_caller;
                return;
            end if;
        end if;
        update sessions s set last_seen_at = now()
        where s.account_id = found_caller.account_id and s.id = found_caller.session_id
            and s.last_seen_at < now() - interval '1 minute';
    end if;
    if found_caller.confirms then
        update sessions s set confirmed_generation = t.generation
        from tokens t
        where t.token = digest and s.account_id = found_caller.account_id and s.id = found_caller.session_id
            and s.confirmed_generation < t.generation;
    end if;
    return next found_caller;
end
$$;
comment on function caller_by_token(text, text, boolean, interval) is 'The caller who holds the live token of this digest and kind; notes the use at most once a minute. With ends_idle, a session that was silent for longer than its user chose, or than unchosen_timeout where they chose nothing, ends here.';

do $$
declare
    routine regprocedure;
begin
    execute 'grant create on schema public to leadconnect_directory';
    foreach routine in array array[
        'caller_by_token(text, text, boolean, interval)', 'reserve_two_factor_attempt(text, text, integer)'
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
