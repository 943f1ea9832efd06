-- The schema after all migrations, written by `make schema`. Do not edit; add a migration.

-- PostgreSQL database dump

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

-- Name: caller; Type: TYPE; Schema: public; Owner: leadconnect

CREATE TYPE public.caller AS (
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
	owner_created_at timestamp with time zone,
	owner_updated_at timestamp with time zone,
	last_seen_at timestamp with time zone,
	has_idled boolean,
	confirms boolean
);

ALTER TYPE public.caller OWNER TO leadconnect;

-- Name: TYPE caller; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TYPE public.caller IS 'Who calls, everything that decides what they may do, and the owner of their account, whom leads show. has_idled: the session has just ended for its silence, and nobody calls.';

-- Name: listed_lead; Type: TYPE; Schema: public; Owner: leadconnect

CREATE TYPE public.listed_lead AS (
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
	created_at timestamp with time zone,
	updated_at timestamp with time zone,
	total bigint,
	found_caller public.caller
);

ALTER TYPE public.listed_lead OWNER TO leadconnect;

-- Name: TYPE listed_lead; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TYPE public.listed_lead IS 'A lead on a page, as it is answered, with how many there are on all pages. found_caller stands in a row of its own before them, where the caller is looked up together with the page.';

-- Name: pgqueuer_status; Type: TYPE; Schema: public; Owner: leadconnect

CREATE TYPE public.pgqueuer_status AS ENUM (
    'queued',
    'picked',
    'successful',
    'exception',
    'canceled',
    'deleted',
    'failed'
);

ALTER TYPE public.pgqueuer_status OWNER TO leadconnect;

-- Name: caller_by_api_key(text); Type: FUNCTION; Schema: public; Owner: leadconnect_directory

CREATE FUNCTION public.caller_by_api_key(given_digest text) RETURNS SETOF public.caller
    LANGUAGE plpgsql SECURITY DEFINER ROWS 1
    SET search_path TO 'pg_catalog', 'public'
    AS $$
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

ALTER FUNCTION public.caller_by_api_key(given_digest text) OWNER TO leadconnect_directory;

-- Name: FUNCTION caller_by_api_key(given_digest text); Type: COMMENT; Schema: public; Owner: leadconnect_directory

COMMENT ON FUNCTION public.caller_by_api_key(given_digest text) IS 'The caller whose API key has this digest, in no session; notes the use at most once a minute.';

-- Name: caller_by_token(text, text, boolean, interval); Type: FUNCTION; Schema: public; Owner: leadconnect_directory

CREATE FUNCTION public.caller_by_token(digest text, kind text, ends_idle boolean, unchosen_timeout interval) RETURNS SETOF public.caller
    LANGUAGE plpgsql SECURITY DEFINER ROWS 1
    SET search_path TO 'pg_catalog', 'public'
    AS $$
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

ALTER FUNCTION public.caller_by_token(digest text, kind text, ends_idle boolean, unchosen_timeout interval) OWNER TO leadconnect_directory;

-- Name: FUNCTION caller_by_token(digest text, kind text, ends_idle boolean, unchosen_timeout interval); Type: COMMENT; Schema: public; Owner: leadconnect_directory

COMMENT ON FUNCTION public.caller_by_token(digest text, kind text, ends_idle boolean, unchosen_timeout interval) IS 'The caller who holds the live token of this digest and kind; notes the use at most once a minute. With ends_idle, a session that was silent for longer than its user chose, or than unchosen_timeout where they chose nothing, ends here.';

-- Name: count_added_leads(); Type: FUNCTION; Schema: public; Owner: leadconnect

CREATE FUNCTION public.count_added_leads() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    insert into public.lead_counts (account_id, lead_status, customer_category, lead_count)
    select account_id, lead_status, customer_category, count(*)
    from added where deleted_at is null
    group by account_id, lead_status, customer_category;
    insert into public.lead_tallies (account_id, kind, label, day, lead_count, conversion_days)
    select account_id, kind, label, day, count(*), sum(conversion_days)
    from added, public.lead_facets(lead_status, lead_source, preferred_communication_channel,
        custom_communication_channel, next_followup_date, created_at, converted_at, lost_at)
    where deleted_at is null
    group by account_id, kind, label, day;
    return null;
end
$$;

ALTER FUNCTION public.count_added_leads() OWNER TO leadconnect;

-- Name: count_changed_leads(); Type: FUNCTION; Schema: public; Owner: leadconnect

CREATE FUNCTION public.count_changed_leads() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    -- Most changes are of what nobody adds up; both tables have the same number of rows.
    if not exists (
        select account_id, deleted_at, lead_status, customer_category, lead_source, preferred_communication_channel,
            custom_communication_channel, next_followup_date, created_at, converted_at, lost_at from added
        except all
        select account_id, deleted_at, lead_status, customer_category, lead_source, preferred_communication_channel,
            custom_communication_channel, next_followup_date, created_at, converted_at, lost_at from removed
    ) then
        return null;
    end if;
    insert into public.lead_counts (account_id, lead_status, customer_category, lead_count)
    select account_id, lead_status, customer_category, sum(change)
    from (
        select account_id, lead_status, customer_category, 1 as change from added where deleted_at is null
        union all
        select account_id, lead_status, customer_category, -1 from removed where deleted_at is null
    ) changes
    group by account_id, lead_status, customer_category
    having sum(change) <> 0;
    insert into public.lead_tallies (account_id, kind, label, day, lead_count, conversion_days)
    select account_id, kind, label, day, sum(change), sum(change * conversion_days)
    from (
        select 1 as change, * from added where deleted_at is null
        union all
        select -1, * from removed where deleted_at is null
    ) changes, public.lead_facets(lead_status, lead_source, preferred_communication_channel,
        custom_communication_channel, next_followup_date, created_at, converted_at, lost_at)
    group by account_id, kind, label, day
    having sum(change) <> 0 or sum(change * conversion_days) <> 0;
    return null;
end
$$;

ALTER FUNCTION public.count_changed_leads() OWNER TO leadconnect;

-- Name: current_account_id(); Type: FUNCTION; Schema: public; Owner: leadconnect

CREATE FUNCTION public.current_account_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid;

ALTER FUNCTION public.current_account_id() OWNER TO leadconnect;

-- Name: FUNCTION current_account_id(); Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON FUNCTION public.current_account_id() IS 'The account of this transaction, null when none was named: then no row is visible.';

-- Name: fn_pgqueuer_changed(); Type: FUNCTION; Schema: public; Owner: leadconnect

CREATE FUNCTION public.fn_pgqueuer_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    to_emit BOOLEAN := false;  -- Flag to decide whether to emit a notification
BEGIN
    -- Check operation type and set the emit flag accordingly
    IF TG_OP = 'UPDATE' AND OLD IS DISTINCT FROM NEW THEN
        to_emit := true;
    ELSIF TG_OP = 'DELETE' THEN
        to_emit := true;
    ELSIF TG_OP = 'INSERT' THEN
        to_emit := true;
    ELSIF TG_OP = 'TRUNCATE' THEN
        to_emit := true;
    END IF;

    -- Perform notification if the emit flag is set
    IF to_emit THEN
        PERFORM pg_notify(
            'ch_pgqueuer',
            json_build_object(
                'channel', 'ch_pgqueuer',
                'operation', lower(TG_OP),
                'sent_at', NOW(),
                'table', TG_TABLE_NAME,
                'type', 'table_changed_event'
            )::text
        );
    END IF;

    -- Return appropriate value based on the operation
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' THEN
        RETURN OLD;
    ELSE
        RETURN NULL; -- For TRUNCATE and other non-row-specific contexts
    END IF;

END;
$$;

ALTER FUNCTION public.fn_pgqueuer_changed() OWNER TO leadconnect;

-- Name: found_leads(uuid, text, text[], text[], text[], text, text[], text[], bigint, integer); Type: FUNCTION; Schema: public; Owner: leadconnect

CREATE FUNCTION public.found_leads(account uuid, caller_name text, texts text[], codes text[], statuses text[], category text, cities text[], sectors text[], skipped bigint, size integer) RETURNS SETOF public.listed_lead
    LANGUAGE plpgsql
    AS $$
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

ALTER FUNCTION public.found_leads(account uuid, caller_name text, texts text[], codes text[], statuses text[], category text, cities text[], sectors text[], skipped bigint, size integer) OWNER TO leadconnect;

-- Name: FUNCTION found_leads(account uuid, caller_name text, texts text[], codes text[], statuses text[], category text, cities text[], sectors text[], skipped bigint, size integer); Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON FUNCTION public.found_leads(account uuid, caller_name text, texts text[], codes text[], statuses text[], category text, cities text[], sectors text[], skipped bigint, size integer) IS 'A page of what search_leads finds in an account, and how much it finds in all; a page without leads is one row of the total alone. It begins as newest_leads does, and lends no rights.';

-- Name: lead_facets(text, text, text, text, date, timestamp with time zone, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: public; Owner: leadconnect

CREATE FUNCTION public.lead_facets(lead_status text, lead_source text, preferred_channel text, custom_channel text, next_followup_date date, created_at timestamp with time zone, converted_at timestamp with time zone, lost_at timestamp with time zone) RETURNS TABLE(kind text, label text, day date, conversion_days bigint)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT facet.kind,
     facet.label,
     facet.day,
     facet.conversion_days
    FROM ( VALUES ('source'::text,lead_facets.lead_source,'-infinity'::date,(0)::bigint), ('channel'::text,"left"(COALESCE(NULLIF(lead_facets.preferred_channel, ''::text), NULLIF(lead_facets.custom_channel, ''::text), 'unknown'::text), 255),'-infinity'::date,0), ('followup'::text,
                 CASE
                     WHEN (lead_facets.lead_status <> ALL (ARRAY['converted'::text, 'lost'::text])) THEN lead_facets.lead_status
                     ELSE NULL::text
                 END,lead_facets.next_followup_date,0), ('created'::text,''::text,((lead_facets.created_at AT TIME ZONE 'UTC'::text))::date,0), ('converted'::text,''::text,((lead_facets.converted_at AT TIME ZONE 'UTC'::text))::date,(ceil((EXTRACT(epoch FROM (lead_facets.converted_at - lead_facets.created_at)) / (86400)::numeric)))::bigint), ('lost'::text,''::text,((lead_facets.lost_at AT TIME ZONE 'UTC'::text))::date,0)) facet(kind, label, day, conversion_days)
   WHERE ((facet.label IS NOT NULL) AND (facet.day IS NOT NULL));
END;

ALTER FUNCTION public.lead_facets(lead_status text, lead_source text, preferred_channel text, custom_channel text, next_followup_date date, created_at timestamp with time zone, converted_at timestamp with time zone, lost_at timestamp with time zone) OWNER TO leadconnect;

-- Name: FUNCTION lead_facets(lead_status text, lead_source text, preferred_channel text, custom_channel text, next_followup_date date, created_at timestamp with time zone, converted_at timestamp with time zone, lost_at timestamp with time zone); Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON FUNCTION public.lead_facets(lead_status text, lead_source text, preferred_channel text, custom_channel text, next_followup_date date, created_at timestamp with time zone, converted_at timestamp with time zone, lost_at timestamp with time zone) IS 'The tallies that a lead adds one to. A follow-up is one of an open lead.';

SET default_tablespace = '';

SET default_table_access_method = heap;

-- Name: security_settings; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.security_settings (
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    two_factor_enabled boolean DEFAULT false NOT NULL,
    two_factor_method text DEFAULT 'email'::text NOT NULL,
    last_two_factor_setup timestamp with time zone,
    login_notifications boolean DEFAULT true NOT NULL,
    session_timeout text,
    last_password_change timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT security_settings_session_timeout_check CHECK ((session_timeout = ANY (ARRAY['15'::text, '30'::text, '60'::text, '120'::text, '240'::text]))),
    CONSTRAINT security_settings_two_factor_method_check CHECK ((two_factor_method = 'email'::text))
);

ALTER TABLE ONLY public.security_settings FORCE ROW LEVEL SECURITY;

ALTER TABLE public.security_settings OWNER TO leadconnect;

-- Name: COLUMN security_settings.session_timeout; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.security_settings.session_timeout IS 'Minutes; null until the user chooses one.';

-- Name: users; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.users (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    email text NOT NULL,
    email_normal text NOT NULL,
    full_name text NOT NULL,
    password text NOT NULL,
    role text NOT NULL,
    custom_role text,
    phone_number text,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    website text,
    invited_at timestamp with time zone,
    mail_problem text,
    mail_problem_reply text,
    mail_problem_at timestamp with time zone,
    CONSTRAINT users_mail_problem_check CHECK ((mail_problem = ANY (ARRAY['unknown'::text, 'full'::text, 'refused'::text, 'unsupported'::text]))),
    CONSTRAINT users_role_check CHECK ((role = ANY (ARRAY['Sales Representative'::text, 'Sales Manager'::text, 'Management'::text, 'other'::text])))
);

ALTER TABLE ONLY public.users FORCE ROW LEVEL SECURITY;

ALTER TABLE public.users OWNER TO leadconnect;

-- Name: COLUMN users.email_normal; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.users.email_normal IS 'The address as it is compared; unique among all accounts, for it is looked up before an account is known.';

-- Name: COLUMN users.website; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.users.website IS 'A sub-user''s own; without one the account''s is shown. The owner''s is the account''s.';

-- Name: COLUMN users.invited_at; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.users.invited_at IS 'When the user was added by another one; null from their first log-in or the first password of their own on. Until then they are mailed the invitation alone.';

-- Name: COLUMN users.mail_problem; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.users.mail_problem IS 'Why a mail server refused mail to the address for good; null once one took a mail.';

-- Name: COLUMN users.mail_problem_reply; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.users.mail_problem_reply IS 'What the mail server replied, shortened and without addresses.';

-- Name: log_in_candidate(text); Type: FUNCTION; Schema: public; Owner: leadconnect_directory

CREATE FUNCTION public.log_in_candidate(address text) RETURNS TABLE(account_id uuid, user_id uuid, password text, is_active boolean, chosen_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 1
    SET search_path TO 'pg_catalog', 'public'
    BEGIN ATOMIC
 SELECT u.account_id,
     u.id,
     u.password,
     u.is_active,
     s.last_password_change
    FROM (public.users u
      JOIN public.security_settings s ON (((s.account_id = u.account_id) AND (s.user_id = u.id))))
   WHERE ((u.email_normal = log_in_candidate.address) AND (u.deleted_at IS NULL));
END;

ALTER FUNCTION public.log_in_candidate(address text) OWNER TO leadconnect_directory;

-- Name: FUNCTION log_in_candidate(address text); Type: COMMENT; Schema: public; Owner: leadconnect_directory

COMMENT ON FUNCTION public.log_in_candidate(address text) IS 'The user of a normalised address, with the stored hash that a password is compared with.';

-- Name: newest_leads(uuid, integer, bigint, text); Type: FUNCTION; Schema: public; Owner: leadconnect

CREATE FUNCTION public.newest_leads(account uuid, size integer, skipped bigint, caller_name text) RETURNS SETOF public.listed_lead
    LANGUAGE plpgsql
    AS $$
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

ALTER FUNCTION public.newest_leads(account uuid, size integer, skipped bigint, caller_name text) OWNER TO leadconnect;

-- Name: FUNCTION newest_leads(account uuid, size integer, skipped bigint, caller_name text); Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON FUNCTION public.newest_leads(account uuid, size integer, skipped bigint, caller_name text) IS 'A page of an account''s leads, newest first, and how many there are. It begins as every transaction does: it takes on the role of requests and names the account, for this transaction alone, and reads under row security.';

-- Name: newest_leads_of_caller(text, boolean, interval, integer, bigint, text); Type: FUNCTION; Schema: public; Owner: leadconnect

CREATE FUNCTION public.newest_leads_of_caller(digest text, ends_idle boolean, unchosen_timeout interval, size integer, skipped bigint, caller_name text) RETURNS SETOF public.listed_lead
    LANGUAGE plpgsql
    AS $$
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

ALTER FUNCTION public.newest_leads_of_caller(digest text, ends_idle boolean, unchosen_timeout interval, size integer, skipped bigint, caller_name text) OWNER TO leadconnect;

-- Name: FUNCTION newest_leads_of_caller(digest text, ends_idle boolean, unchosen_timeout interval, size integer, skipped bigint, caller_name text); Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON FUNCTION public.newest_leads_of_caller(digest text, ends_idle boolean, unchosen_timeout interval, size integer, skipped bigint, caller_name text) IS 'The caller who holds the live access token of this digest, in a row of their own, and the newest leads of their account, if they may call: what caller_by_token and then newest_leads return. Whether they may see leads is for whoever asks to decide.';

-- Name: accounts; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.accounts (
    id uuid NOT NULL,
    owner_id uuid NOT NULL,
    company_name text NOT NULL,
    company_size text NOT NULL,
    industry text NOT NULL,
    custom_industry text,
    website text,
    time_zone text DEFAULT 'UTC'::text NOT NULL,
    locale text DEFAULT 'en'::text NOT NULL,
    subscription_status text DEFAULT 'trial'::text NOT NULL,
    subscription_plan text DEFAULT 'basic'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT accounts_company_size_check CHECK ((company_size = ANY (ARRAY['1-10'::text, '11-50'::text, '51-200'::text, '201-500'::text, '501-1000'::text, '1000+'::text]))),
    CONSTRAINT accounts_industry_check CHECK ((industry = ANY (ARRAY['real-estate'::text, 'automotive'::text, 'textile'::text, 'electronics'::text, 'pharmaceuticals'::text, 'food-beverage'::text, 'construction'::text, 'furniture'::text, 'agriculture'::text, 'chemicals'::text, 'aerospace'::text, 'healthcare'::text, 'retail'::text, 'energy-oil-gas'::text, 'renewable-energy'::text, 'plastics'::text, 'paper-pulp'::text, 'telecommunications'::text, 'mining'::text, 'marine'::text, 'jewelry'::text, 'printing-publishing'::text, 'cosmetics'::text, 'logistics'::text, 'education'::text, 'manpower-services'::text, 'technology'::text, 'finance'::text, 'consulting'::text, 'real_estate'::text, 'other'::text]))),
    CONSTRAINT accounts_subscription_plan_check CHECK ((subscription_plan = ANY (ARRAY['basic'::text, 'professional'::text, 'enterprise'::text]))),
    CONSTRAINT accounts_subscription_status_check CHECK ((subscription_status = ANY (ARRAY['trial'::text, 'active'::text, 'cancelled'::text, 'expired'::text])))
);

ALTER TABLE ONLY public.accounts FORCE ROW LEVEL SECURITY;

ALTER TABLE public.accounts OWNER TO leadconnect;

-- Name: TABLE accounts; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.accounts IS 'The tenants. A company name is a label and never a key.';

-- Name: password_links; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.password_links (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    token text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.password_links FORCE ROW LEVEL SECURITY;

ALTER TABLE public.password_links OWNER TO leadconnect;

-- Name: COLUMN password_links.token; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.password_links.token IS 'SHA-256 of the token, in hex; the token itself is never stored.';

-- Name: open_password_link(text); Type: FUNCTION; Schema: public; Owner: leadconnect_directory

CREATE FUNCTION public.open_password_link(digest text) RETURNS TABLE(account_id uuid, user_id uuid, link_id uuid, email text, company_name text)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 1
    SET search_path TO 'pg_catalog', 'public'
    BEGIN ATOMIC
 SELECT l.account_id,
     l.user_id,
     l.id,
     u.email,
     a.company_name
    FROM ((public.password_links l
      JOIN public.users u ON (((u.account_id = l.account_id) AND (u.id = l.user_id))))
      JOIN public.accounts a ON ((a.id = l.account_id)))
   WHERE ((l.token = open_password_link.digest) AND (l.used_at IS NULL) AND (l.expires_at > now()) AND u.is_active AND (u.deleted_at IS NULL));
END;

ALTER FUNCTION public.open_password_link(digest text) OWNER TO leadconnect_directory;

-- Name: FUNCTION open_password_link(digest text); Type: COMMENT; Schema: public; Owner: leadconnect_directory

COMMENT ON FUNCTION public.open_password_link(digest text) IS 'The link of this digest and whose password it sets; nothing when it has ended or its user is not active.';

-- Name: password_resets; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.password_resets (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    email text NOT NULL,
    otp text NOT NULL,
    attempt_count smallint DEFAULT 0 NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT password_resets_attempt_count_check CHECK (((attempt_count >= 0) AND (attempt_count <= 5)))
);

ALTER TABLE ONLY public.password_resets FORCE ROW LEVEL SECURITY;

ALTER TABLE public.password_resets OWNER TO leadconnect;

-- Name: COLUMN password_resets.otp; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.password_resets.otp IS 'Keyed digest of the code.';

-- Name: reserve_code_attempt(text, integer); Type: FUNCTION; Schema: public; Owner: leadconnect_directory

CREATE FUNCTION public.reserve_code_attempt(address text, most_attempts integer) RETURNS TABLE(account_id uuid, user_id uuid, is_active boolean, code_id uuid, otp text)
    LANGUAGE sql SECURITY DEFINER ROWS 1
    SET search_path TO 'pg_catalog', 'public'
    BEGIN ATOMIC
 UPDATE public.password_resets r SET attempt_count = (r.attempt_count + 1)
    FROM public.users u
   WHERE ((u.email_normal = reserve_code_attempt.address) AND (u.deleted_at IS NULL) AND (r.account_id = u.account_id) AND (r.id = ( SELECT newest.id
            FROM public.password_resets newest
           WHERE ((newest.account_id = u.account_id) AND (newest.user_id = u.id))
           ORDER BY newest.created_at DESC, newest.id DESC
          LIMIT 1)) AND (r.attempt_count < reserve_code_attempt.most_attempts) AND (r.used_at IS NULL) AND (r.expires_at > now()))
   RETURNING r.account_id,
     r.user_id,
     u.is_active,
     r.id,
     r.otp;
END;

ALTER FUNCTION public.reserve_code_attempt(address text, most_attempts integer) OWNER TO leadconnect_directory;

-- Name: FUNCTION reserve_code_attempt(address text, most_attempts integer); Type: COMMENT; Schema: public; Owner: leadconnect_directory

COMMENT ON FUNCTION public.reserve_code_attempt(address text, most_attempts integer) IS 'The newest code of the user of a normalised address, with one more guess counted; nothing when it has ended or its guesses are used up.';

-- Name: two_factor_codes; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.two_factor_codes (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    purpose text NOT NULL,
    otp text NOT NULL,
    attempt_count smallint DEFAULT 0 NOT NULL,
    challenge_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT two_factor_codes_attempt_count_check CHECK (((attempt_count >= 0) AND (attempt_count <= 5))),
    CONSTRAINT two_factor_codes_purpose_check CHECK ((purpose = ANY (ARRAY['sign in'::text, 'switch off'::text])))
);

ALTER TABLE ONLY public.two_factor_codes FORCE ROW LEVEL SECURITY;

ALTER TABLE public.two_factor_codes OWNER TO leadconnect;

-- Name: COLUMN two_factor_codes.otp; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.two_factor_codes.otp IS 'Keyed digest of the code.';

-- Name: COLUMN two_factor_codes.challenge_at; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.two_factor_codes.challenge_at IS 'When the password was proven, or the switching off asked for, that the code belongs to.';

-- Name: reserve_two_factor_attempt(text, text, integer); Type: FUNCTION; Schema: public; Owner: leadconnect_directory

CREATE FUNCTION public.reserve_two_factor_attempt(address text, wanted text, most_attempts integer) RETURNS TABLE(account_id uuid, user_id uuid, is_active boolean, code_id uuid, otp text)
    LANGUAGE sql SECURITY DEFINER ROWS 1
    SET search_path TO 'pg_catalog', 'public'
    BEGIN ATOMIC
 WITH newest AS (
          SELECT c.account_id,
             c.user_id,
             u.is_active,
             c.id
            FROM (public.users u
              JOIN public.two_factor_codes c ON (((c.account_id = u.account_id) AND (c.id = ( SELECT latest.id
                    FROM public.two_factor_codes latest
                   WHERE ((latest.account_id = u.account_id) AND (latest.user_id = u.id) AND (latest.purpose = reserve_two_factor_attempt.wanted))
                   ORDER BY latest.created_at DESC, latest.id DESC
                  LIMIT 1)))))
           WHERE ((u.email_normal = reserve_two_factor_attempt.address) AND (u.deleted_at IS NULL) AND (c.used_at IS NULL) AND (c.expires_at > now()))
         ), reserved AS (
          UPDATE public.two_factor_codes c SET attempt_count = (c.attempt_count + 1)
            FROM newest newest_1
           WHERE ((c.account_id = newest_1.account_id) AND (c.id = newest_1.id) AND (c.attempt_count < reserve_two_factor_attempt.most_attempts) AND (c.used_at IS NULL))
           RETURNING c.account_id,
             c.id,
             c.otp
         )
  SELECT newest.account_id,
     newest.user_id,
     newest.is_active,
     newest.id,
     reserved.otp
    FROM (newest
      LEFT JOIN reserved ON (((reserved.account_id = newest.account_id) AND (reserved.id = newest.id))));
END;

ALTER FUNCTION public.reserve_two_factor_attempt(address text, wanted text, most_attempts integer) OWNER TO leadconnect_directory;

-- Name: FUNCTION reserve_two_factor_attempt(address text, wanted text, most_attempts integer); Type: COMMENT; Schema: public; Owner: leadconnect_directory

COMMENT ON FUNCTION public.reserve_two_factor_attempt(address text, wanted text, most_attempts integer) IS 'The newest code of this purpose of the user of a normalised address, if it is open, with one more guess counted; its digest is null when the guesses are used up.';

-- Name: search_lead_ids(text[], integer[], text[], text[], jsonb, text, bigint, integer); Type: FUNCTION; Schema: public; Owner: leadconnect_search

CREATE FUNCTION public.search_lead_ids(words text[], word_codes integer[], texts text[], codes text[], narrowing jsonb, sort text, skipped bigint, size integer, OUT ids uuid[], OUT total bigint) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    SET jit TO 'off'
    SET max_parallel_workers_per_gather TO '0'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $_$
declare
    account constant uuid := public.current_account_id();
    has_word_codes constant boolean := cardinality(word_codes) > 0;
    has_codes constant boolean := codes[1][1] is not null;
    sort_key constant text := ltrim(sort, '-');
    direction constant text := case when sort like '-%' then ' desc' else ' asc' end;
    -- An empty text occurs in every document.
    word_1 constant text := coalesce(words[1], '');
    word_2 constant text := coalesce(words[2], '');
    word_3 constant text := coalesce(words[3], '');
    word_4 constant text := coalesce(words[4], '');
    -- A text or an array that is not there gives null, which finds nothing.
    text_11 constant text := texts[1][1];
    text_12 constant text := texts[1][2];
    text_13 constant text := texts[1][3];
    text_21 constant text := texts[2][1];
    text_22 constant text := texts[2][2];
    text_23 constant text := texts[2][3];
    codes_11 constant integer[] := codes[1][1];
    codes_12 constant integer[] := codes[1][2];
    codes_13 constant integer[] := codes[1][3];
    is_usual constant boolean := narrowing = '{}' and sort = '-createdAt' and cardinality(words) <= 4
        and coalesce(array_length(texts, 1), 0) <= 2 and coalesce(array_length(texts, 2), 0) <= 3;
    found_by text;
    narrowed_by text;
    place text;
begin
    -- Nearly every search is one of these. Codes and texts each by themselves, for what the index has found need not be
    -- compared with the codes again; a text that is there has its codes.
    if is_usual and has_word_codes and not has_codes then
        with hits as materialized (
            select s.lead_id, s.created_at from public.lead_search s
            -- The codes tell accounts apart, so the index of codes needs no help; put so, no other one can be chosen.
            where (s.account_id = account) is true and not s.is_deleted
                and s.search_codes @> word_codes
                and strpos(s.search_text, word_1) > 0 and strpos(s.search_text, word_2) > 0
                and strpos(s.search_text, word_3) > 0 and strpos(s.search_text, word_4) > 0
                and (
                    text_11 is null or strpos(s.search_text, text_11) > 0 or strpos(s.search_text, text_12) > 0
                    or strpos(s.search_text, text_13) > 0
                )
                and (
                    text_21 is null or strpos(s.search_text, text_21) > 0 or strpos(s.search_text, text_22) > 0
                    or strpos(s.search_text, text_23) > 0
                )
        )
        select array(select h.lead_id from hits h order by h.created_at desc, h.lead_id desc limit size offset skipped),
            (select count(*) from hits)
        into ids, total;
        return;
    end if;
    if is_usual and has_codes and not has_word_codes then
        with hits as materialized (
            select s.lead_id, s.created_at from public.lead_search s
            -- The codes tell accounts apart, so the index of codes needs no help; put so, no other one can be chosen.
            where (s.account_id = account) is true and not s.is_deleted
                and (s.search_codes @> codes_11 or s.search_codes @> codes_12 or s.search_codes @> codes_13)
                and strpos(s.search_text, word_1) > 0 and strpos(s.search_text, word_2) > 0
                and strpos(s.search_text, word_3) > 0 and strpos(s.search_text, word_4) > 0
                and (
                    text_11 is null or strpos(s.search_text, text_11) > 0 or strpos(s.search_text, text_12) > 0
                    or strpos(s.search_text, text_13) > 0
                )
                and (
                    text_21 is null or strpos(s.search_text, text_21) > 0 or strpos(s.search_text, text_22) > 0
                    or strpos(s.search_text, text_23) > 0
                )
        )
        select array(select h.lead_id from hits h order by h.created_at desc, h.lead_id desc limit size offset skipped),
            (select count(*) from hits)
        into ids, total;
        return;
    end if;
    if is_usual and has_codes then
        with hits as materialized (
            select s.lead_id, s.created_at from public.lead_search s
            -- The codes tell accounts apart, so the index of codes needs no help; put so, no other one can be chosen.
            where (s.account_id = account) is true and not s.is_deleted
                and s.search_codes @> word_codes and (s.search_codes @> codes_11 or s.search_codes @> codes_12 or s.search_codes @> codes_13)
                and strpos(s.search_text, word_1) > 0 and strpos(s.search_text, word_2) > 0
                and strpos(s.search_text, word_3) > 0 and strpos(s.search_text, word_4) > 0
                and (
                    text_11 is null or strpos(s.search_text, text_11) > 0 or strpos(s.search_text, text_12) > 0
                    or strpos(s.search_text, text_13) > 0
                )
                and (
                    text_21 is null or strpos(s.search_text, text_21) > 0 or strpos(s.search_text, text_22) > 0
                    or strpos(s.search_text, text_23) > 0
                )
        )
        select array(select h.lead_id from hits h order by h.created_at desc, h.lead_id desc limit size offset skipped),
            (select count(*) from hits)
        into ids, total;
        return;
    end if;

    select string_agg(condition, ' and ') into found_by
    from (
        select format('s.search_codes @> %L::integer[]', word_codes) as condition where has_word_codes
        union all
        select format('strpos(s.search_text, %L) > 0', word) from unnest(words) as word
        union all
        select '(' || string_agg(
            case when codes[n][m] is null then format('strpos(s.search_text, %L) > 0', texts[n][m])
            else format('(s.search_codes @> %L::integer[] and strpos(s.search_text, %L) > 0)', codes[n][m], texts[n][m])
            end, ' or ' order by m) || ')'
        from generate_subscripts(texts, 1) as n, generate_subscripts(texts, 2) as m
        where texts[n][m] is not null
        group by n
    ) as clause;

    select string_agg(
        ' and ' || format(
            condition,
            case jsonb_typeof(narrowing -> key)
                when 'array' then array(select jsonb_array_elements_text(narrowing -> key))::text
                else narrowing ->> key
            end
        ), ''
    ) into narrowed_by
    from (
        values
            ('statuses', 'l.lead_status = any (%L)'),
            ('cities', 'l.city_key = any (%L)'),
            ('sectors', 'l.sector_key = any (%L)'),
            ('sources', 'l.lead_source = any (%L)'),
            ('countries', 'l.country = any (%L)'),
            ('category', 'l.customer_category = %L'),
            ('due_from', 'l.next_followup_date >= %L and l.lead_status not in (''converted'', ''lost'')'),
            ('due_before', 'l.next_followup_date < %L'),
            ('followup_from', 'l.next_followup_date >= %L'),
            ('followup_to', 'l.next_followup_date <= %L'),
            ('created_since', 'l.created_at >= %L'),
            ('created_before', 'l.created_at < %L'),
            ('updated_since', 'l.updated_at >= %L')
    ) as known (key, condition)
    where narrowing ? key;

    place := case sort_key
        when 'createdAt' then 's.created_at'
        when 'name' then 'left(split_part(s.search_text, e''\n'', 1), 100)'
        when 'updatedAt' then 'l.updated_at'
        when 'nextFollowupDate' then 'l.next_followup_date'
        when 'lastContactedDate' then 'l.last_contacted_date'
    end;

    execute 'with hits as materialized (select s.lead_id, ' || place || ' as place from public.lead_search s'
        || case when narrowed_by is not null or place like 'l.%'
            then ' join public.leads l on l.account_id = $1 and l.id = s.lead_id' else '' end
        || case when has_word_codes or has_codes then ' where (s.account_id = $1) is true'
            else ' where s.account_id = $1' end
        || ' and not s.is_deleted and ' || found_by || coalesce(narrowed_by, '')
        || ') select array(select lead_id from hits order by place' || direction || ' nulls last, lead_id' || direction
        || ' limit $3 offset $2), (select count(*) from hits)'
    into ids, total
    using account, skipped, size;
end
$_$;

ALTER FUNCTION public.search_lead_ids(words text[], word_codes integer[], texts text[], codes text[], narrowing jsonb, sort text, skipped bigint, size integer, OUT ids uuid[], OUT total bigint) OWNER TO leadconnect_search;

-- Name: FUNCTION search_lead_ids(words text[], word_codes integer[], texts text[], codes text[], narrowing jsonb, sort text, skipped bigint, size integer, OUT ids uuid[], OUT total bigint); Type: COMMENT; Schema: public; Owner: leadconnect_search

COMMENT ON FUNCTION public.search_lead_ids(words text[], word_codes integer[], texts text[], codes text[], narrowing jsonb, sort text, skipped bigint, size integer, OUT ids uuid[], OUT total bigint) IS 'A page of the leads of this transaction''s account whose documents have all of the words and, of each row of texts, at least one, and how many there are. word_codes and codes are trigram codes of these; a row of codes is null where one of its texts is too short. narrowing has the filters by their names, sort is the order as on the wire.';

-- Name: search_lead_page(uuid, text, text[], integer[], text[], text[], jsonb, text, bigint, integer); Type: FUNCTION; Schema: public; Owner: leadconnect

CREATE FUNCTION public.search_lead_page(account uuid, caller_name text, words text[], word_codes integer[], texts text[], codes text[], narrowing jsonb, sort text, skipped bigint, size integer) RETURNS SETOF public.listed_lead
    LANGUAGE plpgsql
    AS $$
declare
    found_ids uuid[];
    found_count bigint;
    listed listed_lead;
begin
    perform set_config('app.account_id', account::text, true),
        set_config('application_name', coalesce(caller_name, current_setting('application_name')), true),
        set_config('role', 'leadconnect_request', true);
    select f.ids, f.total into found_ids, found_count
    from public.search_lead_ids(words, word_codes, texts, codes, narrowing, sort, skipped, size) f;
    return query
    select l.id, l.name, l.phone_number, l.email, l.date_of_birth, l.city, l.state, l.country,
        l.pincode, l.company_name, l.designation, l.customer_category, l.last_contacted_date,
        l.last_contacted_by, l.next_followup_date, l.customer_interested_in,
        l.preferred_communication_channel, l.custom_communication_channel, l.lead_source,
        l.custom_lead_source, l.custom_referral_source, l.custom_generated_by, l.lead_status,
        l.lead_created_by, l.additional_notes, l.sector, l.custom_sector, l.user_id, l.created_at,
        l.updated_at, found_count,
        null::public.caller
    from unnest(found_ids) with ordinality as found (lead_id, place)
    join public.leads l on l.account_id = account and l.id = found.lead_id and l.deleted_at is null
    order by found.place;
    if not found then
        listed.total := found_count;
        return next listed;
    end if;
end
$$;

ALTER FUNCTION public.search_lead_page(account uuid, caller_name text, words text[], word_codes integer[], texts text[], codes text[], narrowing jsonb, sort text, skipped bigint, size integer) OWNER TO leadconnect;

-- Name: FUNCTION search_lead_page(account uuid, caller_name text, words text[], word_codes integer[], texts text[], codes text[], narrowing jsonb, sort text, skipped bigint, size integer); Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON FUNCTION public.search_lead_page(account uuid, caller_name text, words text[], word_codes integer[], texts text[], codes text[], narrowing jsonb, sort text, skipped bigint, size integer) IS 'A page of what search_lead_ids finds in an account, in its order, and how much it finds in all; a page without leads is one row of the total alone. It begins as newest_leads does, and lends no rights.';

-- Name: search_leads(text[], text[], text[], text, text[], text[], date, date, bigint, integer); Type: FUNCTION; Schema: public; Owner: leadconnect_search

CREATE FUNCTION public.search_leads(texts text[], codes text[], statuses text[], category text, cities text[], sectors text[], due_from date, due_before date, skipped bigint, size integer, OUT ids uuid[], OUT total bigint) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    SET jit TO 'off'
    SET max_parallel_workers_per_gather TO '0'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $_$
declare
    account constant uuid := public.current_account_id();
    is_indexed constant boolean := array_position(codes, null) is null;
    is_filtered constant boolean := num_nonnulls(statuses, category, cities, sectors, due_from) > 0;
    -- An array without a second or third one gives null, which finds nothing.
    text_1 constant text := texts[1];
    text_2 constant text := texts[2];
    text_3 constant text := texts[3];
    codes_1 constant integer[] := codes[1];
    codes_2 constant integer[] := codes[2];
    codes_3 constant integer[] := codes[3];
    found_by text;
begin
    if is_indexed and not is_filtered and cardinality(texts) <= 3 then
        -- Nearly every search. Codes and texts each by themselves, for what the index has found need not be compared
        -- with the codes again; a text that is there has its codes.
        with hits as materialized (
            select s.lead_id, s.created_at from public.lead_search s
            -- The codes tell accounts apart, so the index of codes needs no help; put so, no other one can be chosen.
            where (s.account_id = account) is true and not s.is_deleted
                and (s.search_codes @> codes_1 or s.search_codes @> codes_2 or s.search_codes @> codes_3)
                and (
                    strpos(s.search_text, text_1) > 0
                    or strpos(s.search_text, text_2) > 0
                    or strpos(s.search_text, text_3) > 0
                )
        )
        select array(select h.lead_id from hits h order by h.created_at desc, h.lead_id desc limit size offset skipped),
            (select count(*) from hits)
        into ids, total;
        return;
    end if;

    select string_agg(
        case when is_indexed then format('(s.search_codes @> %L::int[] and strpos(s.search_text, %L) > 0)', code, needle)
        else format('strpos(s.search_text, %L) > 0', needle) end, ' or ')
    into found_by
    from unnest(texts, codes) as sought (needle, code);

    execute 'with hits as materialized (select s.lead_id, s.created_at from public.lead_search s'
        || case when is_filtered then ' join public.leads l on l.account_id = $1 and l.id = s.lead_id' else '' end
        || case when is_indexed then ' where (s.account_id = $1) is true' else ' where s.account_id = $1' end
        || ' and not s.is_deleted and (' || found_by || ')'
        || case when statuses is not null then ' and l.lead_status = any ($2)' else '' end
        || case when category is not null then ' and l.customer_category = $3' else '' end
        || case when cities is not null then ' and l.city_key = any ($4)' else '' end
        || case when sectors is not null then ' and l.sector_key = any ($5)' else '' end
        || case when due_from is not null then
            ' and l.next_followup_date >= $6 and l.next_followup_date < $7'
            ' and l.lead_status not in (''converted'', ''lost'')' else '' end
        || ') select array(select lead_id from hits order by created_at desc, lead_id desc limit $9 offset $8),'
        || ' (select count(*) from hits)'
    into ids, total
    using account, statuses, category, cities, sectors, due_from, due_before, skipped, size;
end
$_$;

ALTER FUNCTION public.search_leads(texts text[], codes text[], statuses text[], category text, cities text[], sectors text[], due_from date, due_before date, skipped bigint, size integer, OUT ids uuid[], OUT total bigint) OWNER TO leadconnect_search;

-- Name: FUNCTION search_leads(texts text[], codes text[], statuses text[], category text, cities text[], sectors text[], due_from date, due_before date, skipped bigint, size integer, OUT ids uuid[], OUT total bigint); Type: COMMENT; Schema: public; Owner: leadconnect_search

COMMENT ON FUNCTION public.search_leads(texts text[], codes text[], statuses text[], category text, cities text[], sectors text[], due_from date, due_before date, skipped bigint, size integer, OUT ids uuid[], OUT total bigint) IS 'A page of the leads of this transaction''s account that have any of the texts, newest first, and how many there are. codes: for each text an array of trigram codes, null where it is too short. Null filters mean all.';

-- Name: alembic_version; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);

ALTER TABLE public.alembic_version OWNER TO leadconnect;

-- Name: api_keys; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.api_keys (
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    digest text NOT NULL,
    prefix text NOT NULL,
    last4 text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone
);

ALTER TABLE ONLY public.api_keys FORCE ROW LEVEL SECURITY;

ALTER TABLE public.api_keys OWNER TO leadconnect;

-- Name: TABLE api_keys; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.api_keys IS 'The one key of a user, with which a program calls in their name. One that is revoked is deleted.';

-- Name: COLUMN api_keys.digest; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.api_keys.digest IS 'SHA-256 of the key, in hex; the key itself is never stored.';

-- Name: COLUMN api_keys.last_used_at; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.api_keys.last_used_at IS 'Noted at most once a minute.';

-- Name: change_sets; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.change_sets (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    actor_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    lead_count bigint DEFAULT 0 NOT NULL,
    undoes uuid,
    undone_by uuid,
    state text DEFAULT 'done'::text NOT NULL,
    done_count bigint DEFAULT 0 NOT NULL,
    request jsonb,
    left_alone jsonb DEFAULT '[]'::jsonb NOT NULL,
    left_alone_count bigint DEFAULT 0 NOT NULL,
    failure text,
    CONSTRAINT change_sets_kind_check CHECK ((kind = ANY (ARRAY['import'::text, 'bulk_update'::text, 'bulk_delete'::text, 'merge'::text, 'undo'::text]))),
    CONSTRAINT change_sets_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'done'::text, 'failed'::text])))
);

ALTER TABLE ONLY public.change_sets FORCE ROW LEVEL SECURITY;

ALTER TABLE public.change_sets OWNER TO leadconnect;

-- Name: TABLE change_sets; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.change_sets IS 'Acts on many leads that can be undone; what they did stands in lead_events under the same id.';

-- Name: COLUMN change_sets.state; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.change_sets.state IS 'Pending while the worker has it to do or is at it; all of it is there once it is done, and nothing before.';

-- Name: COLUMN change_sets.done_count; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.change_sets.done_count IS 'How many leads the worker has been through; of one that is pending, lead_count is how many there will be.';

-- Name: COLUMN change_sets.request; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.change_sets.request IS 'What the worker is to do; null once it is done, and where nothing was left to it.';

-- Name: COLUMN change_sets.left_alone; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.change_sets.left_alone IS 'The first of what undoing left alone, as it is answered; left_alone_count is how much there was.';

-- Name: custom_sectors; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.custom_sectors (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    sector text NOT NULL,
    sector_key text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.custom_sectors FORCE ROW LEVEL SECURITY;

ALTER TABLE public.custom_sectors OWNER TO leadconnect;

-- Name: duplicate_dismissals; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.duplicate_dismissals (
    account_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    other_id uuid NOT NULL,
    dismissed_by uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT duplicate_dismissals_check CHECK ((lead_id < other_id))
);

ALTER TABLE ONLY public.duplicate_dismissals FORCE ROW LEVEL SECURITY;

ALTER TABLE public.duplicate_dismissals OWNER TO leadconnect;

-- Name: TABLE duplicate_dismissals; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.duplicate_dismissals IS 'Pairs of leads that are not the same person, the smaller id first. A lead that was merged keeps its pairs; they count for the lead that it was merged into.';

-- Name: email_changes; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.email_changes (
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    email text NOT NULL,
    email_normal text NOT NULL,
    otp text NOT NULL,
    attempt_count smallint DEFAULT 0 NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT email_changes_attempt_count_check CHECK (((attempt_count >= 0) AND (attempt_count <= 5)))
);

ALTER TABLE ONLY public.email_changes FORCE ROW LEVEL SECURITY;

ALTER TABLE public.email_changes OWNER TO leadconnect;

-- Name: TABLE email_changes; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.email_changes IS 'The latest change of each user''s address that needs a code; a newer one takes its place.';

-- Name: COLUMN email_changes.otp; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.email_changes.otp IS 'Keyed digest of the code.';

-- Name: idempotency_keys; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.idempotency_keys (
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    route text NOT NULL,
    key bytea NOT NULL,
    request bytea NOT NULL,
    status smallint NOT NULL,
    content_type text NOT NULL,
    etag text,
    body bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    location text,
    CONSTRAINT idempotency_keys_key_check CHECK ((octet_length(key) = 32)),
    CONSTRAINT idempotency_keys_request_check CHECK ((octet_length(request) = 32)),
    CONSTRAINT idempotency_keys_status_check CHECK (((status >= 200) AND (status <= 299)))
);
ALTER TABLE ONLY public.idempotency_keys ALTER COLUMN body SET STORAGE EXTERNAL;

ALTER TABLE ONLY public.idempotency_keys FORCE ROW LEVEL SECURITY;

ALTER TABLE public.idempotency_keys OWNER TO leadconnect;

-- Name: TABLE idempotency_keys; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.idempotency_keys IS 'The answers of requests that must not be done twice; each is written by the transaction that did it.';

-- Name: COLUMN idempotency_keys.key; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.idempotency_keys.key IS 'SHA-256 of the client''s key, or of the content where there is none.';

-- Name: COLUMN idempotency_keys.request; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.idempotency_keys.request IS 'Keyed digest of the request (method, path, query, body): the same key with another one is a mistake.';

-- Name: COLUMN idempotency_keys.body; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.idempotency_keys.body IS 'The answer''s body in zlib''s format (RFC 1950).';

-- Name: COLUMN idempotency_keys.location; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.idempotency_keys.location IS 'The answer''s header Location, if it had one.';

-- Name: import_chunks; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.import_chunks (
    account_id uuid NOT NULL,
    import_id uuid NOT NULL,
    number integer NOT NULL,
    data bytea NOT NULL
);
ALTER TABLE ONLY public.import_chunks ALTER COLUMN data SET STORAGE EXTERNAL;

ALTER TABLE ONLY public.import_chunks FORCE ROW LEVEL SECURITY;

ALTER TABLE public.import_chunks OWNER TO leadconnect;

-- Name: TABLE import_chunks; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.import_chunks IS 'The file, byte for byte, in parts of one size but for the last.';

-- Name: import_mappings; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.import_mappings (
    account_id uuid NOT NULL,
    fingerprint text NOT NULL COLLATE pg_catalog."C",
    mapping jsonb NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.import_mappings FORCE ROW LEVEL SECURITY;

ALTER TABLE public.import_mappings OWNER TO leadconnect;

-- Name: TABLE import_mappings; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.import_mappings IS 'How the account has had files with this header read.';

-- Name: import_rows; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.import_rows (
    account_id uuid NOT NULL,
    import_id uuid NOT NULL,
    row_number integer NOT NULL,
    line integer NOT NULL,
    start_byte bigint NOT NULL,
    end_byte bigint NOT NULL,
    verdict text NOT NULL COLLATE pg_catalog."C",
    code text COLLATE pg_catalog."C",
    lead_id uuid,
    of_row integer,
    phone_key text COLLATE pg_catalog."C",
    email_key text COLLATE pg_catalog."C",
    external_id text COLLATE pg_catalog."C",
    lead jsonb,
    detail jsonb,
    CONSTRAINT import_rows_verdict_check CHECK ((verdict = ANY (ARRAY['create'::text, 'update'::text, 'duplicate'::text, 'skip'::text, 'reject'::text])))
);

ALTER TABLE ONLY public.import_rows FORCE ROW LEVEL SECURITY;

ALTER TABLE public.import_rows OWNER TO leadconnect;

-- Name: COLUMN import_rows.code; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.import_rows.code IS 'Why a row is skipped or rejected, or what it has in common with another one.';

-- Name: COLUMN import_rows.lead_id; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.import_rows.lead_id IS 'The lead that a row becomes, changes or has been found to be.';

-- Name: imports; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.imports (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    status text NOT NULL,
    run uuid NOT NULL,
    file_name text NOT NULL,
    media text NOT NULL,
    size_bytes bigint NOT NULL,
    options jsonb NOT NULL,
    plan jsonb,
    rows_done bigint DEFAULT 0 NOT NULL,
    rows_total bigint,
    failure_code text,
    failure text,
    change_set_id uuid,
    finished_at timestamp with time zone,
    kept_bytes bigint,
    CONSTRAINT imports_status_check CHECK ((status = ANY (ARRAY['planning'::text, 'planned'::text, 'applying'::text, 'applied'::text, 'cancelled'::text, 'failed'::text])))
);

ALTER TABLE ONLY public.imports FORCE ROW LEVEL SECURITY;

ALTER TABLE public.imports OWNER TO leadconnect;

-- Name: COLUMN imports.run; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.imports.run IS 'The latest order to plan or to apply; a worker that carries out an older one stops.';

-- Name: COLUMN imports.kept_bytes; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.imports.kept_bytes IS 'How much of the file is still kept; null while it is the whole.';

-- Name: job_keys; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.job_keys (
    key text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    for_account uuid DEFAULT public.current_account_id(),
    CONSTRAINT job_keys_key_check CHECK ((length(key) <= 200))
);

ALTER TABLE public.job_keys OWNER TO leadconnect;

-- Name: TABLE job_keys; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.job_keys IS 'Keys of jobs that were ever added, so that one event makes one job however often it is told. For all accounts.';

-- Name: COLUMN job_keys.for_account; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.job_keys.for_account IS 'The account of the transaction that took the key; null where none was named.';

-- Name: known_devices; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.known_devices (
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    device text NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.known_devices FORCE ROW LEVEL SECURITY;

ALTER TABLE public.known_devices OWNER TO leadconnect;

-- Name: COLUMN known_devices.device; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.known_devices.device IS 'Keyed digest of user, user agent and network.';

-- Name: lead_counts; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.lead_counts (
    account_id uuid NOT NULL,
    id bigint NOT NULL,
    lead_status text NOT NULL,
    customer_category text NOT NULL,
    lead_count bigint NOT NULL,
    is_folded boolean DEFAULT false NOT NULL
);

ALTER TABLE ONLY public.lead_counts FORCE ROW LEVEL SECURITY;

ALTER TABLE public.lead_counts OWNER TO leadconnect;

-- Name: TABLE lead_counts; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.lead_counts IS 'Totals by status and category as sums: each change of leads appends what it added or took away, so that writers never wait for each other; background work folds the rows.';

-- Name: lead_counts_id_seq; Type: SEQUENCE; Schema: public; Owner: leadconnect

ALTER TABLE public.lead_counts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.lead_counts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: lead_events; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.lead_events (
    account_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    id uuid NOT NULL,
    actor_id uuid,
    happened_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    kind text NOT NULL,
    field text,
    old_value text,
    new_value text,
    source text NOT NULL,
    change_set_id uuid NOT NULL,
    old_since timestamp with time zone,
    CONSTRAINT lead_events_check CHECK (((field IS NOT NULL) = (kind = 'changed'::text))),
    CONSTRAINT lead_events_kind_check CHECK ((kind = ANY (ARRAY['created'::text, 'changed'::text, 'deleted'::text, 'restored'::text, 'merged'::text, 'unmerged'::text]))),
    CONSTRAINT lead_events_source_check CHECK ((source = ANY (ARRAY['api'::text, 'import'::text, 'bulk'::text, 'system'::text, 'merge'::text, 'undo'::text])))
);

ALTER TABLE ONLY public.lead_events FORCE ROW LEVEL SECURITY;

ALTER TABLE public.lead_events OWNER TO leadconnect;

-- Name: TABLE lead_events; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.lead_events IS 'One row a changed field, and one for each creation, deletion and restoration. Nothing in it is ever changed.';

-- Name: COLUMN lead_events.change_set_id; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.lead_events.change_set_id IS 'The same for all that one act did: one request, one import.';

-- Name: COLUMN lead_events.old_since; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.lead_events.old_since IS 'Of a changed status: since when the lead had been won or lost before, so that undoing brings that back too.';

-- Name: lead_external_ids; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.lead_external_ids (
    account_id uuid NOT NULL,
    system text NOT NULL COLLATE pg_catalog."C",
    external_id text NOT NULL COLLATE pg_catalog."C",
    lead_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.lead_external_ids FORCE ROW LEVEL SECURITY;

ALTER TABLE public.lead_external_ids OWNER TO leadconnect;

-- Name: TABLE lead_external_ids; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.lead_external_ids IS 'By which id another system knows a lead.';

-- Name: lead_merges; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.lead_merges (
    account_id uuid NOT NULL,
    change_set_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    survivor_id uuid NOT NULL,
    converted_at timestamp with time zone,
    lost_at timestamp with time zone,
    notification_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    redirected_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    systems text[] DEFAULT '{}'::text[] NOT NULL,
    external_ids text[] DEFAULT '{}'::text[] NOT NULL
);

ALTER TABLE ONLY public.lead_merges FORCE ROW LEVEL SECURITY;

ALTER TABLE public.lead_merges OWNER TO leadconnect;

-- Name: TABLE lead_merges; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.lead_merges IS 'What merging moved and no event tells, a row for each lead of a merge, the survivor too: by this it is moved back.';

-- Name: COLUMN lead_merges.converted_at; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.lead_merges.converted_at IS 'As it was before the merge, and so is lost_at.';

-- Name: COLUMN lead_merges.redirected_ids; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.lead_merges.redirected_ids IS 'Leads that had been merged into this one before.';

-- Name: COLUMN lead_merges.systems; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.lead_merges.systems IS 'Whose ids were moved; the ids stand at the same places of external_ids.';

-- Name: lead_other_contacts; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.lead_other_contacts (
    account_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL,
    key text COLLATE pg_catalog."C",
    change_set_id uuid NOT NULL,
    CONSTRAINT lead_other_contacts_kind_check CHECK ((kind = ANY (ARRAY['phone'::text, 'email'::text])))
);

ALTER TABLE ONLY public.lead_other_contacts FORCE ROW LEVEL SECURITY;

ALTER TABLE public.lead_other_contacts OWNER TO leadconnect;

-- Name: TABLE lead_other_contacts; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.lead_other_contacts IS 'Phones and e-mail addresses that a lead got from leads that were merged into it. Undoing the merge deletes them.';

-- Name: COLUMN lead_other_contacts.key; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.lead_other_contacts.key IS 'As phone_key and email_key of lead_search; null for a placeholder.';

-- Name: lead_redirects; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.lead_redirects (
    account_id uuid NOT NULL,
    old_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    change_set_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.lead_redirects FORCE ROW LEVEL SECURITY;

ALTER TABLE public.lead_redirects OWNER TO leadconnect;

-- Name: TABLE lead_redirects; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.lead_redirects IS 'Leads that were merged into another one; their old ids lead to it.';

-- Name: lead_search; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.lead_search (
    account_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    is_deleted boolean DEFAULT false NOT NULL,
    search_text text NOT NULL COLLATE pg_catalog."C",
    search_codes integer[] NOT NULL,
    phone_key text COLLATE pg_catalog."C",
    email_key text COLLATE pg_catalog."C",
    is_keyed boolean DEFAULT false NOT NULL,
    document_version smallint DEFAULT 1 NOT NULL
);
ALTER TABLE ONLY public.lead_search ALTER COLUMN search_codes SET STATISTICS 0;

ALTER TABLE ONLY public.lead_search FORCE ROW LEVEL SECURITY;

ALTER TABLE public.lead_search OWNER TO leadconnect;

-- Name: TABLE lead_search; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.lead_search IS 'What search looks into. Apart from leads, so that a changed status does not write to the search index, and leads stay half as wide.';

-- Name: COLUMN lead_search.search_text; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.lead_search.search_text IS 'Lines of case-folded text: name, address, phone, company, and the digits of the phone.';

-- Name: COLUMN lead_search.search_codes; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.lead_search.search_codes IS 'Codes of the trigrams of search_text, seeded with the account, so that one index serves all accounts apart.';

-- Name: COLUMN lead_search.phone_key; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.lead_search.phone_key IS 'The phone in E.164, as far as it can be told; equal keys are one number.';

-- Name: COLUMN lead_search.email_key; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.lead_search.email_key IS 'The mailbox behind the address: folded, without a plus-tag.';

-- Name: COLUMN lead_search.is_keyed; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.lead_search.is_keyed IS 'False until the application has worked the keys out; background work does so for leads that are older than they.';

-- Name: COLUMN lead_search.document_version; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.lead_search.document_version IS 'The rules by which search_text was made: leads.terms.DOCUMENT_VERSION of the time.';

-- Name: lead_tallies; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.lead_tallies (
    account_id uuid NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    label text NOT NULL COLLATE pg_catalog."C",
    day date NOT NULL,
    id bigint NOT NULL,
    lead_count bigint NOT NULL,
    conversion_days bigint NOT NULL,
    is_folded boolean DEFAULT false NOT NULL,
    CONSTRAINT lead_tallies_kind_check CHECK ((kind = ANY (ARRAY['source'::text, 'channel'::text, 'followup'::text, 'created'::text, 'converted'::text, 'lost'::text])))
);

ALTER TABLE ONLY public.lead_tallies FORCE ROW LEVEL SECURITY;

ALTER TABLE public.lead_tallies OWNER TO leadconnect;

-- Name: TABLE lead_tallies; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.lead_tallies IS 'Sums of leads, appended to and folded as lead_counts; apart from it, for every list sums that one up.';

-- Name: COLUMN lead_tallies.label; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.lead_tallies.label IS 'The source, the channel or, of a follow-up, the status; empty where the day says it all.';

-- Name: COLUMN lead_tallies.day; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.lead_tallies.day IS 'The day of the follow-up, or that of the instant in UTC; -infinity where there is none.';

-- Name: COLUMN lead_tallies.conversion_days; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.lead_tallies.conversion_days IS 'From creation to conversion in begun days, as a sum over the leads of the kind converted.';

-- Name: lead_tallies_id_seq; Type: SEQUENCE; Schema: public; Owner: leadconnect

ALTER TABLE public.lead_tallies ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.lead_tallies_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: leads; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.leads (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    name text NOT NULL,
    phone_number text NOT NULL,
    email text,
    date_of_birth date,
    city text,
    state text,
    country text,
    pincode text,
    company_name text,
    designation text,
    customer_category text DEFAULT 'potential'::text NOT NULL,
    last_contacted_date date,
    last_contacted_by text,
    next_followup_date date,
    customer_interested_in text,
    preferred_communication_channel text,
    custom_communication_channel text,
    lead_source text DEFAULT 'website'::text NOT NULL,
    custom_lead_source text,
    custom_referral_source text,
    custom_generated_by text,
    lead_status text DEFAULT 'new'::text NOT NULL,
    lead_created_by text,
    additional_notes text,
    sector text,
    custom_sector text,
    assigned_to_user_id uuid,
    deleted_at timestamp with time zone,
    city_key text COLLATE pg_catalog."C",
    sector_key text COLLATE pg_catalog."C",
    converted_at timestamp with time zone,
    lost_at timestamp with time zone,
    CONSTRAINT leads_customer_category_check CHECK ((customer_category = ANY (ARRAY['existing'::text, 'potential'::text]))),
    CONSTRAINT leads_lead_source_check CHECK ((lead_source = ANY (ARRAY['website'::text, 'referral'::text, 'linkedin'::text, 'facebook'::text, 'twitter'::text, 'campaign'::text, 'instagram'::text, 'generated_by'::text, 'on_field'::text, 'other'::text]))),
    CONSTRAINT leads_lead_status_check CHECK ((lead_status = ANY (ARRAY['new'::text, 'followup'::text, 'qualified'::text, 'hot'::text, 'converted'::text, 'lost'::text])))
);

ALTER TABLE ONLY public.leads FORCE ROW LEVEL SECURITY;

ALTER TABLE public.leads OWNER TO leadconnect;

-- Name: COLUMN leads.city_key; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.leads.city_key IS 'The city as it is compared: the application folds its case, for a server in the locale C folds ASCII alone.';

-- Name: COLUMN leads.converted_at; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.leads.converted_at IS 'When the status last became converted; null while it is another one.';

-- Name: COLUMN leads.lost_at; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.leads.lost_at IS 'When the status last became lost; null while it is another one.';

-- Name: notification_settings; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.notification_settings (
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    new_leads boolean DEFAULT true NOT NULL,
    follow_ups boolean DEFAULT true NOT NULL,
    hot_leads boolean DEFAULT true NOT NULL,
    conversions boolean DEFAULT true NOT NULL,
    browser_push boolean DEFAULT false NOT NULL,
    daily_summary boolean DEFAULT false NOT NULL,
    email_notifications boolean DEFAULT true NOT NULL,
    push_subscription text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    own_actions boolean DEFAULT false NOT NULL,
    news_due_at timestamp with time zone,
    news_mailed_at timestamp with time zone
);

ALTER TABLE ONLY public.notification_settings FORCE ROW LEVEL SECURITY;

ALTER TABLE public.notification_settings OWNER TO leadconnect;

-- Name: COLUMN notification_settings.own_actions; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.notification_settings.own_actions IS 'Whether the user is notified of what they did themselves.';

-- Name: COLUMN notification_settings.news_due_at; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.notification_settings.news_due_at IS 'When the job that mails what is due runs; null where none waits.';

-- Name: COLUMN notification_settings.news_mailed_at; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.notification_settings.news_mailed_at IS 'When notifications were last mailed; the next ones wait for the interval between two mails.';

-- Name: notifications; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.notifications (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    event_key text NOT NULL,
    kind text NOT NULL,
    lead_id uuid,
    title text NOT NULL,
    body text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    read_at timestamp with time zone,
    is_own boolean DEFAULT false NOT NULL,
    mail_due boolean DEFAULT false NOT NULL,
    CONSTRAINT notifications_event_key_check CHECK ((length(event_key) <= 100)),
    CONSTRAINT notifications_kind_check CHECK ((kind = ANY (ARRAY['new_lead'::text, 'hot_lead'::text, 'conversion'::text, 'leads_imported'::text, 'follow_up'::text, 'daily_summary'::text, 'password_changed'::text, 'two_factor_changed'::text])))
);

ALTER TABLE ONLY public.notifications FORCE ROW LEVEL SECURITY;

ALTER TABLE public.notifications OWNER TO leadconnect;

-- Name: TABLE notifications; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.notifications IS 'The inbox: one row a person and event, however often the event is told.';

-- Name: COLUMN notifications.event_key; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.notifications.event_key IS 'Names the event; its unique key with the person is what makes telling it twice harmless.';

-- Name: COLUMN notifications.is_own; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.notifications.is_own IS 'True where the user did it and is not notified: in no inbox, but counted in the numbers of the day.';

-- Name: COLUMN notifications.mail_due; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.notifications.mail_due IS 'True until the mail is posted that the user is notified by.';

-- Name: pgqueuer; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.pgqueuer (
    id bigint NOT NULL,
    priority integer NOT NULL,
    queue_manager_id uuid,
    created timestamp with time zone DEFAULT now() NOT NULL,
    updated timestamp with time zone DEFAULT now() NOT NULL,
    heartbeat timestamp with time zone DEFAULT now() NOT NULL,
    execute_after timestamp with time zone DEFAULT now() NOT NULL,
    status public.pgqueuer_status NOT NULL,
    entrypoint text NOT NULL,
    dedupe_key text,
    payload bytea,
    headers jsonb,
    attempts integer DEFAULT 0 NOT NULL,
    slot bigint,
    for_account uuid DEFAULT public.current_account_id()
);

ALTER TABLE public.pgqueuer OWNER TO leadconnect;

-- Name: TABLE pgqueuer; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.pgqueuer IS 'Jobs to be done, and those given up (status failed) until an operator deals with them. For all accounts.';

-- Name: COLUMN pgqueuer.for_account; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.pgqueuer.for_account IS 'The account of the transaction that added the job; null where none was named.';

-- Name: pgqueuer_id_seq; Type: SEQUENCE; Schema: public; Owner: leadconnect

CREATE SEQUENCE public.pgqueuer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.pgqueuer_id_seq OWNER TO leadconnect;

-- Name: pgqueuer_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: leadconnect

ALTER SEQUENCE public.pgqueuer_id_seq OWNED BY public.pgqueuer.id;

-- Name: pgqueuer_log; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.pgqueuer_log (
    id bigint NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    job_id bigint NOT NULL,
    status public.pgqueuer_status NOT NULL,
    priority integer NOT NULL,
    entrypoint text NOT NULL,
    traceback jsonb,
    aggregated boolean DEFAULT false
);

ALTER TABLE public.pgqueuer_log OWNER TO leadconnect;

-- Name: TABLE pgqueuer_log; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.pgqueuer_log IS 'What became of every job, for some days. For all accounts.';

-- Name: pgqueuer_log_id_seq; Type: SEQUENCE; Schema: public; Owner: leadconnect

ALTER TABLE public.pgqueuer_log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.pgqueuer_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: pgqueuer_schedules; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.pgqueuer_schedules (
    id bigint NOT NULL,
    expression text NOT NULL,
    entrypoint text NOT NULL,
    heartbeat timestamp with time zone DEFAULT now() NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    updated timestamp with time zone DEFAULT now() NOT NULL,
    next_run timestamp with time zone DEFAULT now() NOT NULL,
    last_run timestamp with time zone,
    status public.pgqueuer_status DEFAULT 'queued'::public.pgqueuer_status
);

ALTER TABLE public.pgqueuer_schedules OWNER TO leadconnect;

-- Name: TABLE pgqueuer_schedules; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.pgqueuer_schedules IS 'When each periodic function runs next. For all accounts.';

-- Name: pgqueuer_schedules_id_seq; Type: SEQUENCE; Schema: public; Owner: leadconnect

CREATE SEQUENCE public.pgqueuer_schedules_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.pgqueuer_schedules_id_seq OWNER TO leadconnect;

-- Name: pgqueuer_schedules_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: leadconnect

ALTER SEQUENCE public.pgqueuer_schedules_id_seq OWNED BY public.pgqueuer_schedules.id;

-- Name: pgqueuer_statistics; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.pgqueuer_statistics (
    id bigint NOT NULL,
    created timestamp with time zone DEFAULT date_trunc('sec'::text, now()) NOT NULL,
    count bigint NOT NULL,
    priority integer NOT NULL,
    status public.pgqueuer_status NOT NULL,
    entrypoint text NOT NULL
);

ALTER TABLE public.pgqueuer_statistics OWNER TO leadconnect;

-- Name: TABLE pgqueuer_statistics; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.pgqueuer_statistics IS 'Counts of jobs by second and outcome. For all accounts.';

-- Name: pgqueuer_statistics_id_seq; Type: SEQUENCE; Schema: public; Owner: leadconnect

CREATE SEQUENCE public.pgqueuer_statistics_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.pgqueuer_statistics_id_seq OWNER TO leadconnect;

-- Name: pgqueuer_statistics_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: leadconnect

ALTER SEQUENCE public.pgqueuer_statistics_id_seq OWNED BY public.pgqueuer_statistics.id;

-- Name: push_subscriptions; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.push_subscriptions (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    session_id uuid NOT NULL,
    endpoint text NOT NULL,
    endpoint_digest bytea NOT NULL,
    p256dh text NOT NULL,
    auth text NOT NULL,
    device_info text,
    failure text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT push_subscriptions_endpoint_check CHECK ((length(endpoint) <= 2048))
);

ALTER TABLE ONLY public.push_subscriptions FORCE ROW LEVEL SECURITY;

ALTER TABLE public.push_subscriptions OWNER TO leadconnect;

-- Name: TABLE push_subscriptions; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.push_subscriptions IS 'The devices of each user: where a browser takes pushes, and the keys that only it can read with.';

-- Name: COLUMN push_subscriptions.session_id; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.push_subscriptions.session_id IS 'The session that subscribed. No foreign key: a device outlives a session that expired, but not one that was ended.';

-- Name: COLUMN push_subscriptions.endpoint_digest; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.push_subscriptions.endpoint_digest IS 'SHA-256 of the endpoint, which is too long for an index.';

-- Name: COLUMN push_subscriptions.failure; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.push_subscriptions.failure IS 'Why the last message was not taken; null once one was.';

-- Name: sessions; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.sessions (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    authenticated_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    mode text DEFAULT 'legacy'::text NOT NULL,
    address text,
    user_agent text,
    revoked_at timestamp with time zone,
    revoked_reason text,
    refreshed_at timestamp with time zone,
    generation integer DEFAULT 1 NOT NULL,
    confirmed_generation integer DEFAULT 1 NOT NULL,
    CONSTRAINT sessions_mode_check CHECK ((mode = ANY (ARRAY['legacy'::text, 'rotating'::text])))
);

ALTER TABLE ONLY public.sessions FORCE ROW LEVEL SECURITY;

ALTER TABLE public.sessions OWNER TO leadconnect;

-- Name: COLUMN sessions.authenticated_at; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.sessions.authenticated_at IS 'When a password was last proven in this session.';

-- Name: COLUMN sessions.refreshed_at; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.sessions.refreshed_at IS 'When a refresh token of the session was last used; the first use decides about the mode.';

-- Name: COLUMN sessions.generation; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.sessions.generation IS 'Of the newest refresh token; grows with each rotation.';

-- Name: COLUMN sessions.confirmed_generation; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.sessions.confirmed_generation IS 'The newest generation that is known to have arrived, for an access token of it was used.';

-- Name: throttles; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.throttles (
    key text NOT NULL,
    used_count integer NOT NULL,
    window_ends_at timestamp with time zone NOT NULL
);

ALTER TABLE public.throttles OWNER TO leadconnect;

-- Name: TABLE throttles; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON TABLE public.throttles IS 'Attempts within a window, for all instances and accounts. The key is a keyed digest of what is counted.';

-- Name: tokens; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.tokens (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    user_id uuid NOT NULL,
    token text NOT NULL,
    token_type text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    generation integer DEFAULT 1 NOT NULL,
    first_used_at timestamp with time zone,
    CONSTRAINT tokens_token_type_check CHECK ((token_type = ANY (ARRAY['access'::text, 'refresh'::text])))
);

ALTER TABLE ONLY public.tokens FORCE ROW LEVEL SECURITY;

ALTER TABLE public.tokens OWNER TO leadconnect;

-- Name: COLUMN tokens.token; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.tokens.token IS 'SHA-256 of the token, in hex; the token itself is never stored.';

-- Name: COLUMN tokens.first_used_at; Type: COMMENT; Schema: public; Owner: leadconnect

COMMENT ON COLUMN public.tokens.first_used_at IS 'When a rotating refresh token was first presented.';

-- Name: user_permissions; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.user_permissions (
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    parent_user_id uuid NOT NULL,
    can_view_leads boolean DEFAULT true NOT NULL,
    can_edit_leads boolean DEFAULT false NOT NULL,
    can_add_leads boolean DEFAULT false NOT NULL,
    can_export_leads boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.user_permissions FORCE ROW LEVEL SECURITY;

ALTER TABLE public.user_permissions OWNER TO leadconnect;

-- Name: user_preferences; Type: TABLE; Schema: public; Owner: leadconnect

CREATE TABLE public.user_preferences (
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    default_view text DEFAULT 'table'::text NOT NULL,
    items_per_page text DEFAULT '20'::text NOT NULL,
    auto_save boolean DEFAULT true NOT NULL,
    compact_mode boolean DEFAULT false NOT NULL,
    export_format text DEFAULT 'csv'::text NOT NULL,
    export_notes boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_preferences_default_view_check CHECK ((default_view = ANY (ARRAY['table'::text, 'grid'::text, 'list'::text]))),
    CONSTRAINT user_preferences_export_format_check CHECK ((export_format = ANY (ARRAY['csv'::text, 'xlsx'::text, 'pdf'::text]))),
    CONSTRAINT user_preferences_items_per_page_check CHECK ((items_per_page = ANY (ARRAY['10'::text, '20'::text, '30'::text, '40'::text, '50'::text, '100'::text])))
);

ALTER TABLE ONLY public.user_preferences FORCE ROW LEVEL SECURITY;

ALTER TABLE public.user_preferences OWNER TO leadconnect;

-- Name: pgqueuer id; Type: DEFAULT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.pgqueuer ALTER COLUMN id SET DEFAULT nextval('public.pgqueuer_id_seq'::regclass);

-- Name: pgqueuer_schedules id; Type: DEFAULT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.pgqueuer_schedules ALTER COLUMN id SET DEFAULT nextval('public.pgqueuer_schedules_id_seq'::regclass);

-- Name: pgqueuer_statistics id; Type: DEFAULT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.pgqueuer_statistics ALTER COLUMN id SET DEFAULT nextval('public.pgqueuer_statistics_id_seq'::regclass);

-- Name: accounts accounts_locale_check; Type: CHECK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE public.accounts
    ADD CONSTRAINT accounts_locale_check CHECK ((locale = ANY (ARRAY['en'::text, 'en-AU'::text, 'en-CA'::text, 'en-GB'::text, 'en-IN'::text, 'en-US'::text, 'ar'::text, 'bn'::text, 'cs'::text, 'da'::text, 'de'::text, 'de-AT'::text, 'de-CH'::text, 'el'::text, 'es'::text, 'es-MX'::text, 'fi'::text, 'fr'::text, 'fr-CA'::text, 'gu'::text, 'he'::text, 'hi'::text, 'hu'::text, 'id'::text, 'it'::text, 'ja'::text, 'kn'::text, 'ko'::text, 'ml'::text, 'mr'::text, 'nb'::text, 'nl'::text, 'pa'::text, 'pl'::text, 'pt'::text, 'pt-BR'::text, 'ro'::text, 'ru'::text, 'sv'::text, 'ta'::text, 'te'::text, 'th'::text, 'tr'::text, 'uk'::text, 'ur'::text, 'vi'::text, 'zh'::text, 'zh-TW'::text]))) NOT VALID;

-- Name: accounts accounts_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (id);

-- Name: alembic_version alembic_version_pkc; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

-- Name: api_keys api_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (account_id, user_id);

-- Name: change_sets change_sets_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.change_sets
    ADD CONSTRAINT change_sets_pkey PRIMARY KEY (account_id, id);

-- Name: custom_sectors custom_sectors_account_id_sector_key_key; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.custom_sectors
    ADD CONSTRAINT custom_sectors_account_id_sector_key_key UNIQUE (account_id, sector_key);

-- Name: custom_sectors custom_sectors_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.custom_sectors
    ADD CONSTRAINT custom_sectors_pkey PRIMARY KEY (account_id, id);

-- Name: duplicate_dismissals duplicate_dismissals_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.duplicate_dismissals
    ADD CONSTRAINT duplicate_dismissals_pkey PRIMARY KEY (account_id, lead_id, other_id);

-- Name: email_changes email_changes_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.email_changes
    ADD CONSTRAINT email_changes_pkey PRIMARY KEY (account_id, user_id);

-- Name: idempotency_keys idempotency_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (account_id, user_id, route, key);

-- Name: import_chunks import_chunks_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.import_chunks
    ADD CONSTRAINT import_chunks_pkey PRIMARY KEY (account_id, import_id, number);

-- Name: import_mappings import_mappings_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.import_mappings
    ADD CONSTRAINT import_mappings_pkey PRIMARY KEY (account_id, fingerprint);

-- Name: import_rows import_rows_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.import_rows
    ADD CONSTRAINT import_rows_pkey PRIMARY KEY (account_id, import_id, row_number);

-- Name: imports imports_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.imports
    ADD CONSTRAINT imports_pkey PRIMARY KEY (account_id, id);

-- Name: job_keys job_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.job_keys
    ADD CONSTRAINT job_keys_pkey PRIMARY KEY (key);

-- Name: known_devices known_devices_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.known_devices
    ADD CONSTRAINT known_devices_pkey PRIMARY KEY (account_id, user_id, device);

-- Name: lead_counts lead_counts_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_counts
    ADD CONSTRAINT lead_counts_pkey PRIMARY KEY (account_id, id);

-- Name: lead_events lead_events_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_events
    ADD CONSTRAINT lead_events_pkey PRIMARY KEY (account_id, lead_id, id);

-- Name: lead_external_ids lead_external_ids_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_external_ids
    ADD CONSTRAINT lead_external_ids_pkey PRIMARY KEY (account_id, system, external_id);

-- Name: lead_merges lead_merges_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_merges
    ADD CONSTRAINT lead_merges_pkey PRIMARY KEY (account_id, change_set_id, lead_id);

-- Name: lead_other_contacts lead_other_contacts_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_other_contacts
    ADD CONSTRAINT lead_other_contacts_pkey PRIMARY KEY (account_id, lead_id, kind, value);

-- Name: lead_redirects lead_redirects_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_redirects
    ADD CONSTRAINT lead_redirects_pkey PRIMARY KEY (account_id, old_id);

-- Name: lead_search lead_search_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_search
    ADD CONSTRAINT lead_search_pkey PRIMARY KEY (account_id, lead_id);

-- Name: lead_tallies lead_tallies_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_tallies
    ADD CONSTRAINT lead_tallies_pkey PRIMARY KEY (account_id, kind, label, day, id);

-- Name: leads leads_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.leads
    ADD CONSTRAINT leads_pkey PRIMARY KEY (account_id, id);

-- Name: notification_settings notification_settings_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.notification_settings
    ADD CONSTRAINT notification_settings_pkey PRIMARY KEY (account_id, user_id);

-- Name: notifications notifications_account_id_user_id_event_key_key; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_account_id_user_id_event_key_key UNIQUE (account_id, user_id, event_key);

-- Name: notifications notifications_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (account_id, id);

-- Name: password_links password_links_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.password_links
    ADD CONSTRAINT password_links_pkey PRIMARY KEY (account_id, id);

-- Name: password_resets password_resets_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.password_resets
    ADD CONSTRAINT password_resets_pkey PRIMARY KEY (account_id, id);

-- Name: pgqueuer_log pgqueuer_log_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.pgqueuer_log
    ADD CONSTRAINT pgqueuer_log_pkey PRIMARY KEY (id);

-- Name: pgqueuer pgqueuer_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.pgqueuer
    ADD CONSTRAINT pgqueuer_pkey PRIMARY KEY (id);

-- Name: pgqueuer_schedules pgqueuer_schedules_expression_entrypoint_key; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.pgqueuer_schedules
    ADD CONSTRAINT pgqueuer_schedules_expression_entrypoint_key UNIQUE (expression, entrypoint);

-- Name: pgqueuer_schedules pgqueuer_schedules_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.pgqueuer_schedules
    ADD CONSTRAINT pgqueuer_schedules_pkey PRIMARY KEY (id);

-- Name: pgqueuer_statistics pgqueuer_statistics_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.pgqueuer_statistics
    ADD CONSTRAINT pgqueuer_statistics_pkey PRIMARY KEY (id);

-- Name: push_subscriptions push_subscriptions_account_id_user_id_endpoint_digest_key; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.push_subscriptions
    ADD CONSTRAINT push_subscriptions_account_id_user_id_endpoint_digest_key UNIQUE (account_id, user_id, endpoint_digest);

-- Name: push_subscriptions push_subscriptions_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.push_subscriptions
    ADD CONSTRAINT push_subscriptions_pkey PRIMARY KEY (account_id, id);

-- Name: security_settings security_settings_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.security_settings
    ADD CONSTRAINT security_settings_pkey PRIMARY KEY (account_id, user_id);

-- Name: sessions sessions_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (account_id, id);

-- Name: throttles throttles_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.throttles
    ADD CONSTRAINT throttles_pkey PRIMARY KEY (key);

-- Name: tokens tokens_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (account_id, id);

-- Name: two_factor_codes two_factor_codes_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.two_factor_codes
    ADD CONSTRAINT two_factor_codes_pkey PRIMARY KEY (account_id, id);

-- Name: user_permissions user_permissions_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.user_permissions
    ADD CONSTRAINT user_permissions_pkey PRIMARY KEY (account_id, user_id);

-- Name: user_preferences user_preferences_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.user_preferences
    ADD CONSTRAINT user_preferences_pkey PRIMARY KEY (account_id, user_id);

-- Name: users users_pkey; Type: CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (account_id, id);

-- Name: api_keys_digest_key; Type: INDEX; Schema: public; Owner: leadconnect

CREATE UNIQUE INDEX api_keys_digest_key ON public.api_keys USING btree (digest);

-- Name: duplicate_dismissals_other_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX duplicate_dismissals_other_idx ON public.duplicate_dismissals USING btree (account_id, other_id);

-- Name: email_changes_expires_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX email_changes_expires_idx ON public.email_changes USING btree (expires_at);

-- Name: idempotency_keys_expires_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX idempotency_keys_expires_idx ON public.idempotency_keys USING btree (expires_at);

-- Name: idempotency_keys_key_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX idempotency_keys_key_idx ON public.idempotency_keys USING btree (account_id, user_id, key);

-- Name: imports_created_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX imports_created_idx ON public.imports USING btree (created_at);

-- Name: job_keys_created_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX job_keys_created_idx ON public.job_keys USING btree (created_at);

-- Name: known_devices_last_seen_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX known_devices_last_seen_idx ON public.known_devices USING btree (last_seen_at);

-- Name: lead_counts_unfolded_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX lead_counts_unfolded_idx ON public.lead_counts USING btree (account_id) WHERE (NOT is_folded);

-- Name: lead_events_change_set_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX lead_events_change_set_idx ON public.lead_events USING btree (account_id, change_set_id, lead_id) WHERE (source <> 'api'::text);

-- Name: lead_external_ids_lead_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX lead_external_ids_lead_idx ON public.lead_external_ids USING btree (account_id, lead_id);

-- Name: lead_merges_lead_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX lead_merges_lead_idx ON public.lead_merges USING btree (account_id, lead_id);

-- Name: lead_merges_survivor_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX lead_merges_survivor_idx ON public.lead_merges USING btree (account_id, survivor_id);

-- Name: lead_other_contacts_change_set_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX lead_other_contacts_change_set_idx ON public.lead_other_contacts USING btree (account_id, change_set_id);

-- Name: lead_other_contacts_key_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX lead_other_contacts_key_idx ON public.lead_other_contacts USING btree (account_id, kind, key, lead_id) WHERE (key IS NOT NULL);

-- Name: lead_redirects_lead_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX lead_redirects_lead_idx ON public.lead_redirects USING btree (account_id, lead_id);

-- Name: lead_search_codes_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX lead_search_codes_idx ON public.lead_search USING gin (search_codes) WITH (fastupdate='on', gin_pending_list_limit='1024');

-- Name: lead_search_email_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX lead_search_email_idx ON public.lead_search USING btree (account_id, email_key, lead_id) WHERE ((email_key IS NOT NULL) AND (NOT is_deleted));

-- Name: lead_search_name_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX lead_search_name_idx ON public.lead_search USING btree (account_id, "left"(split_part(search_text, '
'::text, 1), 100)) WHERE (NOT is_deleted);

-- Name: lead_search_outdated_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX lead_search_outdated_idx ON public.lead_search USING btree (account_id, lead_id) WHERE (document_version < 2);

-- Name: lead_search_phone_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX lead_search_phone_idx ON public.lead_search USING btree (account_id, phone_key, lead_id) WHERE ((phone_key IS NOT NULL) AND (NOT is_deleted));

-- Name: lead_search_unkeyed_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX lead_search_unkeyed_idx ON public.lead_search USING btree (account_id, lead_id) WHERE (NOT is_keyed);

-- Name: lead_tallies_unfolded_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX lead_tallies_unfolded_idx ON public.lead_tallies USING btree (account_id) WHERE (NOT is_folded);

-- Name: leads_city_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX leads_city_idx ON public.leads USING btree (account_id, city_key, created_at DESC, id DESC) WHERE (deleted_at IS NULL);

-- Name: leads_converted_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX leads_converted_idx ON public.leads USING btree (account_id, converted_at) WHERE ((deleted_at IS NULL) AND (converted_at IS NOT NULL));

-- Name: leads_country_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX leads_country_idx ON public.leads USING btree (account_id, country) WHERE (country IS NOT NULL);

-- Name: leads_deleted_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX leads_deleted_idx ON public.leads USING btree (account_id, created_at DESC, id DESC) WHERE (deleted_at IS NOT NULL);

-- Name: leads_followup_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX leads_followup_idx ON public.leads USING btree (account_id, next_followup_date, id) WHERE ((deleted_at IS NULL) AND (next_followup_date IS NOT NULL) AND (lead_status <> ALL (ARRAY['converted'::text, 'lost'::text])));

-- Name: leads_last_contacted_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX leads_last_contacted_idx ON public.leads USING btree (account_id, last_contacted_date, id) WHERE (deleted_at IS NULL);

-- Name: leads_lost_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX leads_lost_idx ON public.leads USING btree (account_id, lost_at) WHERE ((deleted_at IS NULL) AND (lost_at IS NOT NULL));

-- Name: leads_newest_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX leads_newest_idx ON public.leads USING btree (account_id, created_at DESC, id DESC) WHERE (deleted_at IS NULL);

-- Name: leads_next_followup_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX leads_next_followup_idx ON public.leads USING btree (account_id, next_followup_date, id) WHERE (deleted_at IS NULL);

-- Name: leads_sector_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX leads_sector_idx ON public.leads USING btree (account_id, sector_key, created_at DESC, id DESC) WHERE (deleted_at IS NULL);

-- Name: leads_source_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX leads_source_idx ON public.leads USING btree (account_id, lead_source, created_at DESC, id DESC) WHERE (deleted_at IS NULL);

-- Name: leads_status_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX leads_status_idx ON public.leads USING btree (account_id, lead_status, created_at DESC, id DESC) WHERE (deleted_at IS NULL);

-- Name: leads_updated_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX leads_updated_idx ON public.leads USING btree (account_id, updated_at, id) WHERE (deleted_at IS NULL);

-- Name: notifications_created_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX notifications_created_idx ON public.notifications USING btree (created_at);

-- Name: notifications_lead_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX notifications_lead_idx ON public.notifications USING btree (account_id, lead_id) WHERE (lead_id IS NOT NULL);

-- Name: notifications_mail_due_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX notifications_mail_due_idx ON public.notifications USING btree (account_id, user_id) WHERE mail_due;

-- Name: notifications_newest_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX notifications_newest_idx ON public.notifications USING btree (account_id, user_id, id DESC);

-- Name: notifications_unread_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX notifications_unread_idx ON public.notifications USING btree (account_id, user_id) WHERE (read_at IS NULL);

-- Name: password_links_expires_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX password_links_expires_idx ON public.password_links USING btree (expires_at);

-- Name: password_links_token_key; Type: INDEX; Schema: public; Owner: leadconnect

CREATE UNIQUE INDEX password_links_token_key ON public.password_links USING btree (token);

-- Name: password_links_user_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX password_links_user_idx ON public.password_links USING btree (account_id, user_id) WHERE (used_at IS NULL);

-- Name: password_resets_expires_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX password_resets_expires_idx ON public.password_resets USING btree (expires_at);

-- Name: password_resets_user_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX password_resets_user_idx ON public.password_resets USING btree (account_id, user_id, created_at DESC);

-- Name: pgqueuer_ep_ea_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX pgqueuer_ep_ea_idx ON public.pgqueuer USING btree (entrypoint, execute_after) WHERE (status = 'queued'::public.pgqueuer_status);

-- Name: pgqueuer_ep_prio_id_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX pgqueuer_ep_prio_id_idx ON public.pgqueuer USING btree (entrypoint, priority DESC, id) WHERE (status = 'queued'::public.pgqueuer_status);

-- Name: pgqueuer_log_created; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX pgqueuer_log_created ON public.pgqueuer_log USING btree (created);

-- Name: pgqueuer_log_job_id_status; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX pgqueuer_log_job_id_status ON public.pgqueuer_log USING btree (job_id, created DESC);

-- Name: pgqueuer_log_not_aggregated; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX pgqueuer_log_not_aggregated ON public.pgqueuer_log USING btree ((1)) WHERE (NOT aggregated);

-- Name: pgqueuer_log_status; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX pgqueuer_log_status ON public.pgqueuer_log USING btree (status);

-- Name: pgqueuer_picked_heartbeat_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX pgqueuer_picked_heartbeat_idx ON public.pgqueuer USING btree (heartbeat) WHERE (status = 'picked'::public.pgqueuer_status);

-- Name: pgqueuer_picked_slot_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE UNIQUE INDEX pgqueuer_picked_slot_idx ON public.pgqueuer USING btree (entrypoint, slot) WHERE ((status = 'picked'::public.pgqueuer_status) AND (slot IS NOT NULL));

-- Name: pgqueuer_priority_id_id1_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX pgqueuer_priority_id_id1_idx ON public.pgqueuer USING btree (priority, id DESC) INCLUDE (id) WHERE (status = 'queued'::public.pgqueuer_status);

-- Name: pgqueuer_queue_manager_id_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX pgqueuer_queue_manager_id_idx ON public.pgqueuer USING btree (queue_manager_id) WHERE (queue_manager_id IS NOT NULL);

-- Name: pgqueuer_statistics_unique_count; Type: INDEX; Schema: public; Owner: leadconnect

CREATE UNIQUE INDEX pgqueuer_statistics_unique_count ON public.pgqueuer_statistics USING btree (priority, date_trunc('sec'::text, timezone('UTC'::text, created)), status, entrypoint);

-- Name: pgqueuer_unique_dedupe_key; Type: INDEX; Schema: public; Owner: leadconnect

CREATE UNIQUE INDEX pgqueuer_unique_dedupe_key ON public.pgqueuer USING btree (dedupe_key) WHERE ((status = ANY (ARRAY['queued'::public.pgqueuer_status, 'picked'::public.pgqueuer_status])) AND (dedupe_key IS NOT NULL));

-- Name: pgqueuer_updated_id_id1_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX pgqueuer_updated_id_id1_idx ON public.pgqueuer USING btree (updated, id DESC) INCLUDE (id) WHERE (status = 'picked'::public.pgqueuer_status);

-- Name: push_subscriptions_endpoint_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX push_subscriptions_endpoint_idx ON public.push_subscriptions USING btree (account_id, endpoint_digest);

-- Name: sessions_expires_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX sessions_expires_idx ON public.sessions USING btree (expires_at);

-- Name: sessions_user_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX sessions_user_idx ON public.sessions USING btree (account_id, user_id, created_at) WHERE (revoked_at IS NULL);

-- Name: throttles_window_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX throttles_window_idx ON public.throttles USING btree (window_ends_at);

-- Name: tokens_expires_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX tokens_expires_idx ON public.tokens USING btree (expires_at);

-- Name: tokens_session_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX tokens_session_idx ON public.tokens USING btree (account_id, session_id, created_at);

-- Name: tokens_token_key; Type: INDEX; Schema: public; Owner: leadconnect

CREATE UNIQUE INDEX tokens_token_key ON public.tokens USING btree (token);

-- Name: two_factor_codes_expires_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX two_factor_codes_expires_idx ON public.two_factor_codes USING btree (expires_at);

-- Name: two_factor_codes_user_idx; Type: INDEX; Schema: public; Owner: leadconnect

CREATE INDEX two_factor_codes_user_idx ON public.two_factor_codes USING btree (account_id, user_id, purpose, created_at DESC);

-- Name: users_email_normal_key; Type: INDEX; Schema: public; Owner: leadconnect

CREATE UNIQUE INDEX users_email_normal_key ON public.users USING btree (email_normal) WHERE (deleted_at IS NULL);

-- Name: leads count_added_leads; Type: TRIGGER; Schema: public; Owner: leadconnect

CREATE TRIGGER count_added_leads AFTER INSERT ON public.leads REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.count_added_leads();

-- Name: leads count_changed_leads; Type: TRIGGER; Schema: public; Owner: leadconnect

CREATE TRIGGER count_changed_leads AFTER UPDATE ON public.leads REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.count_changed_leads();

-- Name: pgqueuer tg_pgqueuer_changed; Type: TRIGGER; Schema: public; Owner: leadconnect

CREATE TRIGGER tg_pgqueuer_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.pgqueuer FOR EACH STATEMENT EXECUTE FUNCTION public.fn_pgqueuer_changed();

-- Name: accounts accounts_owner_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_owner_fkey FOREIGN KEY (id, owner_id) REFERENCES public.users(account_id, id) DEFERRABLE INITIALLY DEFERRED;

-- Name: api_keys api_keys_account_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_account_id_user_id_fkey FOREIGN KEY (account_id, user_id) REFERENCES public.users(account_id, id);

-- Name: change_sets change_sets_account_id_actor_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.change_sets
    ADD CONSTRAINT change_sets_account_id_actor_id_fkey FOREIGN KEY (account_id, actor_id) REFERENCES public.users(account_id, id);

-- Name: change_sets change_sets_account_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.change_sets
    ADD CONSTRAINT change_sets_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

-- Name: change_sets change_sets_account_id_undoes_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.change_sets
    ADD CONSTRAINT change_sets_account_id_undoes_fkey FOREIGN KEY (account_id, undoes) REFERENCES public.change_sets(account_id, id);

-- Name: change_sets change_sets_account_id_undone_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.change_sets
    ADD CONSTRAINT change_sets_account_id_undone_by_fkey FOREIGN KEY (account_id, undone_by) REFERENCES public.change_sets(account_id, id);

-- Name: custom_sectors custom_sectors_account_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.custom_sectors
    ADD CONSTRAINT custom_sectors_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

-- Name: duplicate_dismissals duplicate_dismissals_account_id_lead_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.duplicate_dismissals
    ADD CONSTRAINT duplicate_dismissals_account_id_lead_id_fkey FOREIGN KEY (account_id, lead_id) REFERENCES public.leads(account_id, id);

-- Name: duplicate_dismissals duplicate_dismissals_account_id_other_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.duplicate_dismissals
    ADD CONSTRAINT duplicate_dismissals_account_id_other_id_fkey FOREIGN KEY (account_id, other_id) REFERENCES public.leads(account_id, id);

-- Name: email_changes email_changes_account_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.email_changes
    ADD CONSTRAINT email_changes_account_id_user_id_fkey FOREIGN KEY (account_id, user_id) REFERENCES public.users(account_id, id);

-- Name: idempotency_keys idempotency_keys_account_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_account_id_user_id_fkey FOREIGN KEY (account_id, user_id) REFERENCES public.users(account_id, id);

-- Name: import_chunks import_chunks_account_id_import_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.import_chunks
    ADD CONSTRAINT import_chunks_account_id_import_id_fkey FOREIGN KEY (account_id, import_id) REFERENCES public.imports(account_id, id) ON DELETE CASCADE;

-- Name: import_mappings import_mappings_account_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.import_mappings
    ADD CONSTRAINT import_mappings_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

-- Name: import_rows import_rows_account_id_import_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.import_rows
    ADD CONSTRAINT import_rows_account_id_import_id_fkey FOREIGN KEY (account_id, import_id) REFERENCES public.imports(account_id, id) ON DELETE CASCADE;

-- Name: imports imports_account_id_change_set_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.imports
    ADD CONSTRAINT imports_account_id_change_set_id_fkey FOREIGN KEY (account_id, change_set_id) REFERENCES public.change_sets(account_id, id);

-- Name: imports imports_account_id_created_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.imports
    ADD CONSTRAINT imports_account_id_created_by_fkey FOREIGN KEY (account_id, created_by) REFERENCES public.users(account_id, id);

-- Name: imports imports_account_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.imports
    ADD CONSTRAINT imports_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

-- Name: known_devices known_devices_account_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.known_devices
    ADD CONSTRAINT known_devices_account_id_user_id_fkey FOREIGN KEY (account_id, user_id) REFERENCES public.users(account_id, id);

-- Name: lead_counts lead_counts_account_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_counts
    ADD CONSTRAINT lead_counts_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

-- Name: lead_events lead_events_account_id_actor_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_events
    ADD CONSTRAINT lead_events_account_id_actor_id_fkey FOREIGN KEY (account_id, actor_id) REFERENCES public.users(account_id, id);

-- Name: lead_events lead_events_account_id_lead_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_events
    ADD CONSTRAINT lead_events_account_id_lead_id_fkey FOREIGN KEY (account_id, lead_id) REFERENCES public.leads(account_id, id);

-- Name: lead_external_ids lead_external_ids_account_id_lead_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_external_ids
    ADD CONSTRAINT lead_external_ids_account_id_lead_id_fkey FOREIGN KEY (account_id, lead_id) REFERENCES public.leads(account_id, id);

-- Name: lead_merges lead_merges_account_id_change_set_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_merges
    ADD CONSTRAINT lead_merges_account_id_change_set_id_fkey FOREIGN KEY (account_id, change_set_id) REFERENCES public.change_sets(account_id, id);

-- Name: lead_merges lead_merges_account_id_lead_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_merges
    ADD CONSTRAINT lead_merges_account_id_lead_id_fkey FOREIGN KEY (account_id, lead_id) REFERENCES public.leads(account_id, id);

-- Name: lead_merges lead_merges_account_id_survivor_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_merges
    ADD CONSTRAINT lead_merges_account_id_survivor_id_fkey FOREIGN KEY (account_id, survivor_id) REFERENCES public.leads(account_id, id);

-- Name: lead_other_contacts lead_other_contacts_account_id_change_set_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_other_contacts
    ADD CONSTRAINT lead_other_contacts_account_id_change_set_id_fkey FOREIGN KEY (account_id, change_set_id) REFERENCES public.change_sets(account_id, id);

-- Name: lead_other_contacts lead_other_contacts_account_id_lead_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_other_contacts
    ADD CONSTRAINT lead_other_contacts_account_id_lead_id_fkey FOREIGN KEY (account_id, lead_id) REFERENCES public.leads(account_id, id);

-- Name: lead_redirects lead_redirects_account_id_change_set_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_redirects
    ADD CONSTRAINT lead_redirects_account_id_change_set_id_fkey FOREIGN KEY (account_id, change_set_id) REFERENCES public.change_sets(account_id, id);

-- Name: lead_redirects lead_redirects_account_id_lead_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_redirects
    ADD CONSTRAINT lead_redirects_account_id_lead_id_fkey FOREIGN KEY (account_id, lead_id) REFERENCES public.leads(account_id, id);

-- Name: lead_redirects lead_redirects_account_id_old_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_redirects
    ADD CONSTRAINT lead_redirects_account_id_old_id_fkey FOREIGN KEY (account_id, old_id) REFERENCES public.leads(account_id, id);

-- Name: lead_search lead_search_account_id_lead_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_search
    ADD CONSTRAINT lead_search_account_id_lead_id_fkey FOREIGN KEY (account_id, lead_id) REFERENCES public.leads(account_id, id);

-- Name: lead_tallies lead_tallies_account_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.lead_tallies
    ADD CONSTRAINT lead_tallies_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

-- Name: leads leads_account_id_assigned_to_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.leads
    ADD CONSTRAINT leads_account_id_assigned_to_user_id_fkey FOREIGN KEY (account_id, assigned_to_user_id) REFERENCES public.users(account_id, id);

-- Name: leads leads_account_id_created_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.leads
    ADD CONSTRAINT leads_account_id_created_by_fkey FOREIGN KEY (account_id, created_by) REFERENCES public.users(account_id, id);

-- Name: leads leads_account_id_updated_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.leads
    ADD CONSTRAINT leads_account_id_updated_by_fkey FOREIGN KEY (account_id, updated_by) REFERENCES public.users(account_id, id);

-- Name: leads leads_account_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.leads
    ADD CONSTRAINT leads_account_id_user_id_fkey FOREIGN KEY (account_id, user_id) REFERENCES public.users(account_id, id);

-- Name: notification_settings notification_settings_account_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.notification_settings
    ADD CONSTRAINT notification_settings_account_id_user_id_fkey FOREIGN KEY (account_id, user_id) REFERENCES public.users(account_id, id);

-- Name: notifications notifications_account_id_lead_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_account_id_lead_id_fkey FOREIGN KEY (account_id, lead_id) REFERENCES public.leads(account_id, id);

-- Name: notifications notifications_account_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_account_id_user_id_fkey FOREIGN KEY (account_id, user_id) REFERENCES public.users(account_id, id);

-- Name: password_links password_links_account_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.password_links
    ADD CONSTRAINT password_links_account_id_user_id_fkey FOREIGN KEY (account_id, user_id) REFERENCES public.users(account_id, id);

-- Name: password_resets password_resets_account_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.password_resets
    ADD CONSTRAINT password_resets_account_id_user_id_fkey FOREIGN KEY (account_id, user_id) REFERENCES public.users(account_id, id);

-- Name: push_subscriptions push_subscriptions_account_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.push_subscriptions
    ADD CONSTRAINT push_subscriptions_account_id_user_id_fkey FOREIGN KEY (account_id, user_id) REFERENCES public.users(account_id, id);

-- Name: security_settings security_settings_account_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.security_settings
    ADD CONSTRAINT security_settings_account_id_user_id_fkey FOREIGN KEY (account_id, user_id) REFERENCES public.users(account_id, id);

-- Name: sessions sessions_account_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_account_id_user_id_fkey FOREIGN KEY (account_id, user_id) REFERENCES public.users(account_id, id);

-- Name: tokens tokens_account_id_session_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_account_id_session_id_fkey FOREIGN KEY (account_id, session_id) REFERENCES public.sessions(account_id, id) ON DELETE CASCADE;

-- Name: tokens tokens_account_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_account_id_user_id_fkey FOREIGN KEY (account_id, user_id) REFERENCES public.users(account_id, id);

-- Name: two_factor_codes two_factor_codes_account_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.two_factor_codes
    ADD CONSTRAINT two_factor_codes_account_id_user_id_fkey FOREIGN KEY (account_id, user_id) REFERENCES public.users(account_id, id);

-- Name: user_permissions user_permissions_account_id_parent_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.user_permissions
    ADD CONSTRAINT user_permissions_account_id_parent_user_id_fkey FOREIGN KEY (account_id, parent_user_id) REFERENCES public.users(account_id, id);

-- Name: user_permissions user_permissions_account_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.user_permissions
    ADD CONSTRAINT user_permissions_account_id_user_id_fkey FOREIGN KEY (account_id, user_id) REFERENCES public.users(account_id, id);

-- Name: user_preferences user_preferences_account_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.user_preferences
    ADD CONSTRAINT user_preferences_account_id_user_id_fkey FOREIGN KEY (account_id, user_id) REFERENCES public.users(account_id, id);

-- Name: users users_account_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: leadconnect

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

-- Name: accounts; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.accounts ENABLE ROW LEVEL SECURITY;

-- Name: api_keys; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.api_keys ENABLE ROW LEVEL SECURITY;

-- Name: change_sets; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.change_sets ENABLE ROW LEVEL SECURITY;

-- Name: custom_sectors; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.custom_sectors ENABLE ROW LEVEL SECURITY;

-- Name: accounts directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.accounts TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: api_keys directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.api_keys TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: email_changes directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.email_changes TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: idempotency_keys directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.idempotency_keys TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: import_chunks directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.import_chunks TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: imports directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.imports TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: known_devices directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.known_devices TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: lead_counts directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.lead_counts TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: lead_search directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.lead_search FOR SELECT TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: lead_tallies directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.lead_tallies TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: leads directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.leads FOR SELECT TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: notification_settings directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.notification_settings FOR SELECT TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: notifications directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.notifications TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: password_links directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.password_links TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: password_resets directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.password_resets TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: push_subscriptions directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.push_subscriptions TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: security_settings directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.security_settings TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: sessions directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.sessions TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: tokens directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.tokens TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: two_factor_codes directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.two_factor_codes TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: user_permissions directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.user_permissions TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: users directory; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY directory ON public.users TO leadconnect_directory USING ((CURRENT_USER = 'leadconnect_directory'::name));

-- Name: duplicate_dismissals; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.duplicate_dismissals ENABLE ROW LEVEL SECURITY;

-- Name: email_changes; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.email_changes ENABLE ROW LEVEL SECURITY;

-- Name: idempotency_keys; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.idempotency_keys ENABLE ROW LEVEL SECURITY;

-- Name: import_chunks; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.import_chunks ENABLE ROW LEVEL SECURITY;

-- Name: import_mappings; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.import_mappings ENABLE ROW LEVEL SECURITY;

-- Name: import_rows; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.import_rows ENABLE ROW LEVEL SECURITY;

-- Name: imports; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.imports ENABLE ROW LEVEL SECURITY;

-- Name: known_devices; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.known_devices ENABLE ROW LEVEL SECURITY;

-- Name: lead_counts; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.lead_counts ENABLE ROW LEVEL SECURITY;

-- Name: lead_events; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.lead_events ENABLE ROW LEVEL SECURITY;

-- Name: lead_external_ids; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.lead_external_ids ENABLE ROW LEVEL SECURITY;

-- Name: lead_merges; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.lead_merges ENABLE ROW LEVEL SECURITY;

-- Name: lead_other_contacts; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.lead_other_contacts ENABLE ROW LEVEL SECURITY;

-- Name: lead_redirects; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.lead_redirects ENABLE ROW LEVEL SECURITY;

-- Name: lead_search; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.lead_search ENABLE ROW LEVEL SECURITY;

-- Name: lead_tallies; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.lead_tallies ENABLE ROW LEVEL SECURITY;

-- Name: leads; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.leads ENABLE ROW LEVEL SECURITY;

-- Name: notification_settings; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.notification_settings ENABLE ROW LEVEL SECURITY;

-- Name: notifications; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.notifications ENABLE ROW LEVEL SECURITY;

-- Name: accounts own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.accounts TO leadconnect_request USING ((id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: api_keys own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.api_keys TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: change_sets own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.change_sets TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: custom_sectors own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.custom_sectors TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: duplicate_dismissals own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.duplicate_dismissals TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: email_changes own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.email_changes TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: idempotency_keys own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.idempotency_keys TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: import_chunks own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.import_chunks TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: import_mappings own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.import_mappings TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: import_rows own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.import_rows TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: imports own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.imports TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: known_devices own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.known_devices TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: lead_counts own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.lead_counts TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: lead_events own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.lead_events TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: lead_external_ids own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.lead_external_ids TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: lead_merges own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.lead_merges TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: lead_other_contacts own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.lead_other_contacts TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: lead_redirects own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.lead_redirects TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: lead_search own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.lead_search TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: lead_tallies own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.lead_tallies TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: leads own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.leads TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: notification_settings own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.notification_settings TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: notifications own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.notifications TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: password_links own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.password_links TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: password_resets own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.password_resets TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: push_subscriptions own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.push_subscriptions TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: security_settings own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.security_settings TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: sessions own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.sessions TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: tokens own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.tokens TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: two_factor_codes own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.two_factor_codes TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: user_permissions own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.user_permissions TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: user_preferences own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.user_preferences TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: users own_account; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY own_account ON public.users TO leadconnect_request USING ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

-- Name: password_links; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.password_links ENABLE ROW LEVEL SECURITY;

-- Name: password_resets; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.password_resets ENABLE ROW LEVEL SECURITY;

-- Name: push_subscriptions; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.push_subscriptions ENABLE ROW LEVEL SECURITY;

-- Name: lead_search search; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY search ON public.lead_search FOR SELECT TO leadconnect_search USING (true);

-- Name: leads search; Type: POLICY; Schema: public; Owner: leadconnect

CREATE POLICY search ON public.leads FOR SELECT TO leadconnect_search USING (true);

-- Name: security_settings; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.security_settings ENABLE ROW LEVEL SECURITY;

-- Name: sessions; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.sessions ENABLE ROW LEVEL SECURITY;

-- Name: tokens; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.tokens ENABLE ROW LEVEL SECURITY;

-- Name: two_factor_codes; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.two_factor_codes ENABLE ROW LEVEL SECURITY;

-- Name: user_permissions; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.user_permissions ENABLE ROW LEVEL SECURITY;

-- Name: user_preferences; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.user_preferences ENABLE ROW LEVEL SECURITY;

-- Name: users; Type: ROW SECURITY; Schema: public; Owner: leadconnect

ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;

-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: pg_database_owner

REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO leadconnect_request;
GRANT USAGE ON SCHEMA public TO leadconnect_directory;
GRANT USAGE ON SCHEMA public TO leadconnect_search;

-- Name: FUNCTION caller_by_api_key(given_digest text); Type: ACL; Schema: public; Owner: leadconnect_directory

REVOKE ALL ON FUNCTION public.caller_by_api_key(given_digest text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.caller_by_api_key(given_digest text) TO leadconnect_request;
GRANT ALL ON FUNCTION public.caller_by_api_key(given_digest text) TO leadconnect;

-- Name: FUNCTION caller_by_token(digest text, kind text, ends_idle boolean, unchosen_timeout interval); Type: ACL; Schema: public; Owner: leadconnect_directory

REVOKE ALL ON FUNCTION public.caller_by_token(digest text, kind text, ends_idle boolean, unchosen_timeout interval) FROM PUBLIC;
GRANT ALL ON FUNCTION public.caller_by_token(digest text, kind text, ends_idle boolean, unchosen_timeout interval) TO leadconnect_request;
GRANT ALL ON FUNCTION public.caller_by_token(digest text, kind text, ends_idle boolean, unchosen_timeout interval) TO leadconnect;

-- Name: FUNCTION found_leads(account uuid, caller_name text, texts text[], codes text[], statuses text[], category text, cities text[], sectors text[], skipped bigint, size integer); Type: ACL; Schema: public; Owner: leadconnect

REVOKE ALL ON FUNCTION public.found_leads(account uuid, caller_name text, texts text[], codes text[], statuses text[], category text, cities text[], sectors text[], skipped bigint, size integer) FROM PUBLIC;

-- Name: TABLE security_settings; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,UPDATE ON TABLE public.security_settings TO leadconnect_request;
GRANT SELECT ON TABLE public.security_settings TO leadconnect_directory;

-- Name: TABLE users; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,UPDATE ON TABLE public.users TO leadconnect_request;
GRANT SELECT ON TABLE public.users TO leadconnect_directory;

-- Name: FUNCTION log_in_candidate(address text); Type: ACL; Schema: public; Owner: leadconnect_directory

REVOKE ALL ON FUNCTION public.log_in_candidate(address text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.log_in_candidate(address text) TO leadconnect_request;
GRANT ALL ON FUNCTION public.log_in_candidate(address text) TO leadconnect;

-- Name: FUNCTION newest_leads(account uuid, size integer, skipped bigint, caller_name text); Type: ACL; Schema: public; Owner: leadconnect

REVOKE ALL ON FUNCTION public.newest_leads(account uuid, size integer, skipped bigint, caller_name text) FROM PUBLIC;

-- Name: FUNCTION newest_leads_of_caller(digest text, ends_idle boolean, unchosen_timeout interval, size integer, skipped bigint, caller_name text); Type: ACL; Schema: public; Owner: leadconnect

REVOKE ALL ON FUNCTION public.newest_leads_of_caller(digest text, ends_idle boolean, unchosen_timeout interval, size integer, skipped bigint, caller_name text) FROM PUBLIC;

-- Name: TABLE accounts; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,UPDATE ON TABLE public.accounts TO leadconnect_request;
GRANT SELECT ON TABLE public.accounts TO leadconnect_directory;

-- Name: TABLE password_links; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,UPDATE ON TABLE public.password_links TO leadconnect_request;
GRANT SELECT,DELETE ON TABLE public.password_links TO leadconnect_directory;

-- Name: FUNCTION open_password_link(digest text); Type: ACL; Schema: public; Owner: leadconnect_directory

REVOKE ALL ON FUNCTION public.open_password_link(digest text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.open_password_link(digest text) TO leadconnect_request;

-- Name: TABLE password_resets; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,UPDATE ON TABLE public.password_resets TO leadconnect_request;
GRANT SELECT,DELETE,UPDATE ON TABLE public.password_resets TO leadconnect_directory;

-- Name: FUNCTION reserve_code_attempt(address text, most_attempts integer); Type: ACL; Schema: public; Owner: leadconnect_directory

REVOKE ALL ON FUNCTION public.reserve_code_attempt(address text, most_attempts integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.reserve_code_attempt(address text, most_attempts integer) TO leadconnect_request;
GRANT ALL ON FUNCTION public.reserve_code_attempt(address text, most_attempts integer) TO leadconnect;

-- Name: TABLE two_factor_codes; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,UPDATE ON TABLE public.two_factor_codes TO leadconnect_request;
GRANT SELECT,DELETE,UPDATE ON TABLE public.two_factor_codes TO leadconnect_directory;

-- Name: FUNCTION reserve_two_factor_attempt(address text, wanted text, most_attempts integer); Type: ACL; Schema: public; Owner: leadconnect_directory

REVOKE ALL ON FUNCTION public.reserve_two_factor_attempt(address text, wanted text, most_attempts integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.reserve_two_factor_attempt(address text, wanted text, most_attempts integer) TO leadconnect_request;
GRANT ALL ON FUNCTION public.reserve_two_factor_attempt(address text, wanted text, most_attempts integer) TO leadconnect;

-- Name: FUNCTION search_lead_ids(words text[], word_codes integer[], texts text[], codes text[], narrowing jsonb, sort text, skipped bigint, size integer, OUT ids uuid[], OUT total bigint); Type: ACL; Schema: public; Owner: leadconnect_search

REVOKE ALL ON FUNCTION public.search_lead_ids(words text[], word_codes integer[], texts text[], codes text[], narrowing jsonb, sort text, skipped bigint, size integer, OUT ids uuid[], OUT total bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.search_lead_ids(words text[], word_codes integer[], texts text[], codes text[], narrowing jsonb, sort text, skipped bigint, size integer, OUT ids uuid[], OUT total bigint) TO leadconnect_request;

-- Name: FUNCTION search_lead_page(account uuid, caller_name text, words text[], word_codes integer[], texts text[], codes text[], narrowing jsonb, sort text, skipped bigint, size integer); Type: ACL; Schema: public; Owner: leadconnect

REVOKE ALL ON FUNCTION public.search_lead_page(account uuid, caller_name text, words text[], word_codes integer[], texts text[], codes text[], narrowing jsonb, sort text, skipped bigint, size integer) FROM PUBLIC;

-- Name: FUNCTION search_leads(texts text[], codes text[], statuses text[], category text, cities text[], sectors text[], due_from date, due_before date, skipped bigint, size integer, OUT ids uuid[], OUT total bigint); Type: ACL; Schema: public; Owner: leadconnect_search

REVOKE ALL ON FUNCTION public.search_leads(texts text[], codes text[], statuses text[], category text, cities text[], sectors text[], due_from date, due_before date, skipped bigint, size integer, OUT ids uuid[], OUT total bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.search_leads(texts text[], codes text[], statuses text[], category text, cities text[], sectors text[], due_from date, due_before date, skipped bigint, size integer, OUT ids uuid[], OUT total bigint) TO leadconnect_request;

-- Name: TABLE api_keys; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.api_keys TO leadconnect_request;
GRANT SELECT ON TABLE public.api_keys TO leadconnect_directory;

-- Name: COLUMN api_keys.last_used_at; Type: ACL; Schema: public; Owner: leadconnect

GRANT UPDATE(last_used_at) ON TABLE public.api_keys TO leadconnect_directory;

-- Name: TABLE change_sets; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,UPDATE ON TABLE public.change_sets TO leadconnect_request;

-- Name: TABLE custom_sectors; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,UPDATE ON TABLE public.custom_sectors TO leadconnect_request;

-- Name: TABLE duplicate_dismissals; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,DELETE ON TABLE public.duplicate_dismissals TO leadconnect_request;

-- Name: TABLE email_changes; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,UPDATE ON TABLE public.email_changes TO leadconnect_request;
GRANT SELECT,DELETE ON TABLE public.email_changes TO leadconnect_directory;

-- Name: TABLE idempotency_keys; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,UPDATE ON TABLE public.idempotency_keys TO leadconnect_request;
GRANT DELETE ON TABLE public.idempotency_keys TO leadconnect_directory;

-- Name: COLUMN idempotency_keys.expires_at; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(expires_at) ON TABLE public.idempotency_keys TO leadconnect_directory;

-- Name: TABLE import_chunks; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,DELETE ON TABLE public.import_chunks TO leadconnect_request;
GRANT DELETE ON TABLE public.import_chunks TO leadconnect_directory;

-- Name: COLUMN import_chunks.account_id; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(account_id) ON TABLE public.import_chunks TO leadconnect_directory;

-- Name: COLUMN import_chunks.import_id; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(import_id) ON TABLE public.import_chunks TO leadconnect_directory;

-- Name: COLUMN import_chunks.number; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(number) ON TABLE public.import_chunks TO leadconnect_directory;

-- Name: TABLE import_mappings; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,UPDATE ON TABLE public.import_mappings TO leadconnect_request;

-- Name: TABLE import_rows; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.import_rows TO leadconnect_request;

-- Name: TABLE imports; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,UPDATE ON TABLE public.imports TO leadconnect_request;
GRANT SELECT,DELETE ON TABLE public.imports TO leadconnect_directory;

-- Name: COLUMN imports.kept_bytes; Type: ACL; Schema: public; Owner: leadconnect

GRANT UPDATE(kept_bytes) ON TABLE public.imports TO leadconnect_directory;

-- Name: COLUMN job_keys.key; Type: ACL; Schema: public; Owner: leadconnect

GRANT INSERT(key) ON TABLE public.job_keys TO leadconnect_request;
GRANT SELECT(key),INSERT(key) ON TABLE public.job_keys TO leadconnect_directory;

-- Name: TABLE known_devices; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,UPDATE ON TABLE public.known_devices TO leadconnect_request;
GRANT SELECT,DELETE ON TABLE public.known_devices TO leadconnect_directory;

-- Name: TABLE lead_counts; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT ON TABLE public.lead_counts TO leadconnect_request;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lead_counts TO leadconnect_directory;

-- Name: TABLE lead_events; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT ON TABLE public.lead_events TO leadconnect_request;

-- Name: TABLE lead_external_ids; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lead_external_ids TO leadconnect_request;

-- Name: TABLE lead_merges; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT ON TABLE public.lead_merges TO leadconnect_request;

-- Name: TABLE lead_other_contacts; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,DELETE ON TABLE public.lead_other_contacts TO leadconnect_request;

-- Name: TABLE lead_redirects; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,DELETE ON TABLE public.lead_redirects TO leadconnect_request;

-- Name: COLUMN lead_redirects.lead_id; Type: ACL; Schema: public; Owner: leadconnect

GRANT UPDATE(lead_id) ON TABLE public.lead_redirects TO leadconnect_request;

-- Name: TABLE lead_search; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,UPDATE ON TABLE public.lead_search TO leadconnect_request;
GRANT SELECT ON TABLE public.lead_search TO leadconnect_search;

-- Name: COLUMN lead_search.account_id; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(account_id) ON TABLE public.lead_search TO leadconnect_directory;

-- Name: COLUMN lead_search.lead_id; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(lead_id) ON TABLE public.lead_search TO leadconnect_directory;

-- Name: COLUMN lead_search.is_keyed; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(is_keyed) ON TABLE public.lead_search TO leadconnect_directory;

-- Name: COLUMN lead_search.document_version; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(document_version) ON TABLE public.lead_search TO leadconnect_directory;

-- Name: TABLE lead_tallies; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT ON TABLE public.lead_tallies TO leadconnect_request;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lead_tallies TO leadconnect_directory;

-- Name: TABLE leads; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,UPDATE ON TABLE public.leads TO leadconnect_request;
GRANT SELECT ON TABLE public.leads TO leadconnect_search;
GRANT SELECT ON TABLE public.leads TO leadconnect_directory;

-- Name: TABLE notification_settings; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,UPDATE ON TABLE public.notification_settings TO leadconnect_request;

-- Name: COLUMN notification_settings.account_id; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(account_id) ON TABLE public.notification_settings TO leadconnect_directory;

-- Name: COLUMN notification_settings.user_id; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(user_id) ON TABLE public.notification_settings TO leadconnect_directory;

-- Name: COLUMN notification_settings.daily_summary; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(daily_summary) ON TABLE public.notification_settings TO leadconnect_directory;

-- Name: TABLE notifications; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,UPDATE ON TABLE public.notifications TO leadconnect_request;
GRANT DELETE ON TABLE public.notifications TO leadconnect_directory;

-- Name: COLUMN notifications.account_id; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(account_id) ON TABLE public.notifications TO leadconnect_directory;

-- Name: COLUMN notifications.id; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(id) ON TABLE public.notifications TO leadconnect_directory;

-- Name: COLUMN notifications.created_at; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(created_at) ON TABLE public.notifications TO leadconnect_directory;

-- Name: COLUMN pgqueuer.id; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(id),INSERT(id) ON TABLE public.pgqueuer TO leadconnect_request;
GRANT SELECT(id),INSERT(id) ON TABLE public.pgqueuer TO leadconnect_directory;

-- Name: COLUMN pgqueuer.priority; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(priority),INSERT(priority) ON TABLE public.pgqueuer TO leadconnect_request;
GRANT SELECT(priority),INSERT(priority) ON TABLE public.pgqueuer TO leadconnect_directory;

-- Name: COLUMN pgqueuer.execute_after; Type: ACL; Schema: public; Owner: leadconnect

GRANT INSERT(execute_after) ON TABLE public.pgqueuer TO leadconnect_request;
GRANT INSERT(execute_after) ON TABLE public.pgqueuer TO leadconnect_directory;

-- Name: COLUMN pgqueuer.status; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(status),INSERT(status) ON TABLE public.pgqueuer TO leadconnect_request;
GRANT INSERT(status) ON TABLE public.pgqueuer TO leadconnect_directory;

-- Name: COLUMN pgqueuer.entrypoint; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(entrypoint),INSERT(entrypoint) ON TABLE public.pgqueuer TO leadconnect_request;
GRANT SELECT(entrypoint),INSERT(entrypoint) ON TABLE public.pgqueuer TO leadconnect_directory;

-- Name: COLUMN pgqueuer.dedupe_key; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(dedupe_key),INSERT(dedupe_key) ON TABLE public.pgqueuer TO leadconnect_request;
GRANT SELECT(dedupe_key),INSERT(dedupe_key) ON TABLE public.pgqueuer TO leadconnect_directory;

-- Name: COLUMN pgqueuer.payload; Type: ACL; Schema: public; Owner: leadconnect

GRANT INSERT(payload) ON TABLE public.pgqueuer TO leadconnect_request;
GRANT INSERT(payload) ON TABLE public.pgqueuer TO leadconnect_directory;

-- Name: COLUMN pgqueuer.headers; Type: ACL; Schema: public; Owner: leadconnect

GRANT INSERT(headers) ON TABLE public.pgqueuer TO leadconnect_request;
GRANT INSERT(headers) ON TABLE public.pgqueuer TO leadconnect_directory;

-- Name: SEQUENCE pgqueuer_id_seq; Type: ACL; Schema: public; Owner: leadconnect

GRANT USAGE ON SEQUENCE public.pgqueuer_id_seq TO leadconnect_request;
GRANT USAGE ON SEQUENCE public.pgqueuer_id_seq TO leadconnect_directory;

-- Name: COLUMN pgqueuer_log.job_id; Type: ACL; Schema: public; Owner: leadconnect

GRANT INSERT(job_id) ON TABLE public.pgqueuer_log TO leadconnect_request;
GRANT INSERT(job_id) ON TABLE public.pgqueuer_log TO leadconnect_directory;

-- Name: COLUMN pgqueuer_log.status; Type: ACL; Schema: public; Owner: leadconnect

GRANT INSERT(status) ON TABLE public.pgqueuer_log TO leadconnect_request;
GRANT INSERT(status) ON TABLE public.pgqueuer_log TO leadconnect_directory;

-- Name: COLUMN pgqueuer_log.priority; Type: ACL; Schema: public; Owner: leadconnect

GRANT INSERT(priority) ON TABLE public.pgqueuer_log TO leadconnect_request;
GRANT INSERT(priority) ON TABLE public.pgqueuer_log TO leadconnect_directory;

-- Name: COLUMN pgqueuer_log.entrypoint; Type: ACL; Schema: public; Owner: leadconnect

GRANT INSERT(entrypoint) ON TABLE public.pgqueuer_log TO leadconnect_request;
GRANT INSERT(entrypoint) ON TABLE public.pgqueuer_log TO leadconnect_directory;

-- Name: TABLE push_subscriptions; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.push_subscriptions TO leadconnect_request;
GRANT DELETE ON TABLE public.push_subscriptions TO leadconnect_directory;

-- Name: COLUMN push_subscriptions.account_id; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(account_id) ON TABLE public.push_subscriptions TO leadconnect_directory;

-- Name: COLUMN push_subscriptions.id; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(id) ON TABLE public.push_subscriptions TO leadconnect_directory;

-- Name: COLUMN push_subscriptions.session_id; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT(session_id) ON TABLE public.push_subscriptions TO leadconnect_directory;

-- Name: TABLE sessions; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,UPDATE ON TABLE public.sessions TO leadconnect_request;
GRANT SELECT,DELETE,UPDATE ON TABLE public.sessions TO leadconnect_directory;

-- Name: TABLE throttles; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,UPDATE ON TABLE public.throttles TO leadconnect_request;
GRANT SELECT,DELETE ON TABLE public.throttles TO leadconnect_directory;

-- Name: TABLE tokens; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tokens TO leadconnect_request;
GRANT SELECT,DELETE,UPDATE ON TABLE public.tokens TO leadconnect_directory;

-- Name: TABLE user_permissions; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,UPDATE ON TABLE public.user_permissions TO leadconnect_request;
GRANT SELECT ON TABLE public.user_permissions TO leadconnect_directory;

-- Name: TABLE user_preferences; Type: ACL; Schema: public; Owner: leadconnect

GRANT SELECT,INSERT,UPDATE ON TABLE public.user_preferences TO leadconnect_request;

-- PostgreSQL database dump complete
