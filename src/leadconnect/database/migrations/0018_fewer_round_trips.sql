-- The look-up of every request, by keys alone; and pages of leads in one round trip, as plain columns: to take a whole
-- lead apart costs PostgreSQL as much as to find it.

grant create on schema public to leadconnect_directory;
set local role leadconnect_directory;

create or replace function caller_by_token(digest text, kind text, ends_idle boolean, unchosen_timeout interval)
    returns setof caller
    language plpgsql security definer set search_path = pg_catalog, public rows 1
as $$
declare
    held record;
    found_caller caller;
begin
    -- By the digest first, and by keys then. As one statement the planner may begin elsewhere, where it expects few rows
    -- or has not counted them yet, and read as many as the account has sessions.
    select t.account_id, t.user_id, t.session_id, t.generation into held
    from tokens t
    where t.token = digest and t.token_type = kind and t.expires_at > now();
    if not found then
        return;
    end if;
    select held.account_id, held.user_id, held.session_id, u.role, a.owner_id = u.id,
        o.is_active and o.deleted_at is null,
        coalesce(p.can_view_leads, false), coalesce(p.can_edit_leads, false), coalesce(p.can_add_leads, false),
        coalesce(p.can_export_leads, false),
        o.id, o.email, o.full_name, o.role, o.custom_role, a.company_name, a.company_size, a.industry, a.website,
        o.phone_number, a.subscription_status, a.subscription_plan, o.created_at, greatest(o.updated_at, a.updated_at),
        s.last_seen_at, false, held.generation > s.confirmed_generation and kind = 'access'
    into found_caller
    from sessions s
    join users u on u.account_id = held.account_id and u.id = held.user_id
    join accounts a on a.id = held.account_id
    join users o on o.account_id = held.account_id and o.id = a.owner_id
    left join user_permissions p on p.account_id = held.account_id and p.user_id = held.user_id
    where s.account_id = held.account_id and s.id = held.session_id
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
        where s.account_id = found_caller.account_id and s.id = found_caller.session_id and s.revoked_at is null
            and s.last_seen_at < now() - interval '1 minute';
        -- Another call noted the use at this moment, or ended the session: then nobody calls here either.
        if not found and not exists (
            select from sessions s
            where s.account_id = found_caller.account_id and s.id = found_caller.session_id and s.revoked_at is null
        ) then
            return;
        end if;
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

reset role;
revoke create on schema public from leadconnect_directory;

create type listed_lead as (
    id uuid,
    name text,
    phone_number text,
    email text,
    date_of_birth date,
    city text,
    state text,
    country text,
    pincode text,
    company_name text,
    designation text,
    customer_category text,
    last_contacted_date date,
    last_contacted_by text,
    next_followup_date date,
    customer_interested_in text,
    preferred_communication_channel text,
    custom_communication_channel text,
    lead_source text,
    custom_lead_source text,
    custom_referral_source text,
    custom_generated_by text,
    lead_status text,
    lead_created_by text,
    additional_notes text,
    sector text,
    custom_sector text,
    user_id uuid,
    created_at timestamptz,
    updated_at timestamptz,
    total bigint,
    found_caller caller
);
comment on type listed_lead is
    'A lead on a page, as it is answered, with how many there are on all pages. found_caller stands in a row of its own before them, where the caller is looked up together with the page.';

-- No release calls it yet.
-- squawk-ignore ban-drop-function
drop function newest_leads(uuid, integer, bigint, text);

create function newest_leads(account uuid, size integer, skipped bigint, caller_name text) returns setof listed_lead
    language plpgsql
as $$
begin
    perform set_config('app.account_id', account::text, true),
        set_config('application_name', coalesce(caller_name, current_setting('application_name')), true),
        set_config('role', 'leadconnect_request', true);
    return query
    select l.id, l.name, l.phone_number, l.email, l.date_of_birth, l.city, l.state, l.country, l.pincode,
        l.company_name, l.designation, l.customer_category, l.last_contacted_date, l.last_contacted_by,
        l.next_followup_date, l.customer_interested_in, l.preferred_communication_channel,
        l.custom_communication_channel, l.lead_source, l.custom_lead_source, l.custom_referral_source,
        l.custom_generated_by, l.lead_status, l.lead_created_by, l.additional_notes, l.sector,
        l.custom_sector, l.user_id, l.created_at, l.updated_at,
        (select coalesce(sum(c.lead_count), 0)::bigint from public.lead_counts c where c.account_id = account),
        null::public.caller
    from public.leads l
    where l.account_id = account and l.deleted_at is null
    order by l.created_at desc, l.id desc
    limit size offset skipped;
end
$$;
comment on function newest_leads(uuid, integer, bigint, text) is
    'A page of an account''s leads, newest first, and how many there are. It begins as every transaction does: it takes on the role of requests and names the account, for this transaction alone, and reads under row security.';

create function newest_leads_of_caller(
    digest text,
    ends_idle boolean,
    unchosen_timeout interval,
    size integer,
    skipped bigint,
    caller_name text
)
    returns setof listed_lead
    language plpgsql
as $$
declare
    listed listed_lead;
begin
    select c into listed.found_caller
    from public.caller_by_token(digest, 'access', ends_idle, unchosen_timeout) c;
    if not found then
        return;
    end if;
    return next listed;
    if not (listed.found_caller).has_idled then
        return query select * from public.newest_leads((listed.found_caller).account_id, size, skipped, caller_name);
    end if;
end
$$;
comment on function newest_leads_of_caller(text, boolean, interval, integer, bigint, text) is
    'The caller who holds the live access token of this digest, in a row of their own, and the newest leads of their account, if they may call: what caller_by_token and then newest_leads return. Whether they may see leads is for whoever asks to decide.';

create function found_leads(
    account uuid,
    caller_name text,
    texts text[],
    codes text[],
    statuses text[],
    category text,
    cities text[],
    sectors text[],
    skipped bigint,
    size integer
)
    returns setof listed_lead
    language plpgsql
as $$
declare
    found_ids uuid[];
    found_count bigint;
    listed listed_lead;
begin
    perform set_config('app.account_id', account::text, true),
        set_config('application_name', coalesce(caller_name, current_setting('application_name')), true),
        set_config('role', 'leadconnect_request', true);
    select f.ids, f.total into found_ids, found_count
    from public.search_leads(texts, codes, statuses, category, cities, sectors, null, null, skipped, size) f;
    return query
    select l.id, l.name, l.phone_number, l.email, l.date_of_birth, l.city, l.state, l.country, l.pincode,
        l.company_name, l.designation, l.customer_category, l.last_contacted_date, l.last_contacted_by,
        l.next_followup_date, l.customer_interested_in, l.preferred_communication_channel,
        l.custom_communication_channel, l.lead_source, l.custom_lead_source, l.custom_referral_source,
        l.custom_generated_by, l.lead_status, l.lead_created_by, l.additional_notes, l.sector,
        l.custom_sector, l.user_id, l.created_at, l.updated_at, found_count,
        null::public.caller
    from public.leads l
    where l.account_id = account and l.deleted_at is null and l.id = any (found_ids)
    order by l.created_at desc, l.id desc;
    if not found then
        listed.total := found_count;
        return next listed;
    end if;
end
$$;
comment on function found_leads(uuid, text, text[], text[], text[], text, text[], text[], bigint, integer) is
    'A page of what search_leads finds in an account, and how much it finds in all; a page without leads is one row of the total alone. It begins as newest_leads does, and lends no rights.';

revoke all on function newest_leads(uuid, integer, bigint, text) from public;
revoke all on function newest_leads_of_caller(text, boolean, interval, integer, bigint, text) from public;
revoke all on function found_leads(uuid, text, text[], text[], text[], text, text[], text[], bigint, integer)
    from public;
