-- Searches of several words, more filters, and lists in other orders than newest first.
--
-- search_leads and found_leads of the release before stay: its instances may be answering until an upgrade is done.

-- Documents are made by the application alone. Those of version 1, which have accents and no city, are made again in the
-- background, and found as they are until then.
alter table lead_search add column document_version smallint not null default 1;
comment on column lead_search.document_version is
    'The rules by which search_text was made: leads.terms.DOCUMENT_VERSION of the time.';
grant select (document_version) on lead_search to leadconnect_directory;

-- A migration is one transaction, so no index is made concurrently.
-- squawk-ignore require-concurrent-index-creation
create index lead_search_outdated_idx on lead_search (account_id, lead_id) where document_version < 2;
-- The order by name: the first line of the document, of which 100 characters always fit into a page of an index. Without
-- the lead, by which the planner would take it for an index of leads where there are no statistics.
-- squawk-ignore require-concurrent-index-creation
create index lead_search_name_idx on lead_search
    (account_id, left(split_part(search_text, e'\n', 1), 100)) where not is_deleted;
-- squawk-ignore require-concurrent-index-creation
create index leads_updated_idx on leads (account_id, updated_at, id) where deleted_at is null;
-- squawk-ignore require-concurrent-index-creation
create index leads_next_followup_idx on leads (account_id, next_followup_date, id) where deleted_at is null;
-- squawk-ignore require-concurrent-index-creation
create index leads_last_contacted_idx on leads (account_id, last_contacted_date, id) where deleted_at is null;
-- squawk-ignore require-concurrent-index-creation
create index leads_country_idx on leads (account_id, country) where country is not null;

create function search_lead_ids(
    words text[],
    word_codes integer[],
    texts text[],
    codes text[],
    narrowing jsonb,
    sort text,
    skipped bigint,
    size integer,
    out ids uuid[],
    out total bigint
)
    language plpgsql stable security definer
    set search_path = pg_catalog, public
    set jit = off
    set max_parallel_workers_per_gather = 0
    set enable_seqscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
    set plan_cache_mode = force_generic_plan
as $$
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
$$;
comment on function search_lead_ids(text[], integer[], text[], text[], jsonb, text, bigint, integer) is
    'A page of the leads of this transaction''s account whose documents have all of the words and, of each row of texts, at least one, and how many there are. word_codes and codes are trigram codes of these; a row of codes is null where one of its texts is too short. narrowing has the filters by their names, sort is the order as on the wire.';

revoke all on function search_lead_ids(text[], integer[], text[], text[], jsonb, text, bigint, integer) from public;
grant execute on function search_lead_ids(text[], integer[], text[], text[], jsonb, text, bigint, integer)
    to leadconnect_request;
-- Only now the owner, for nobody else could grant any more; see 0005.
grant create on schema public to leadconnect_search;
do $$
declare
    is_superuser constant boolean := (select rolsuper from pg_roles where rolname = current_user);
begin
    if not is_superuser then
        grant leadconnect_search to current_user;
    end if;
    alter function search_lead_ids(text[], integer[], text[], text[], jsonb, text, bigint, integer)
        owner to leadconnect_search;
    if not is_superuser then
        revoke leadconnect_search from current_user;
    end if;
end
$$;
revoke create on schema public from leadconnect_search;

create function search_lead_page(
    account uuid,
    caller_name text,
    words text[],
    word_codes integer[],
    texts text[],
    codes text[],
    narrowing jsonb,
    sort text,
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
comment on function search_lead_page(uuid, text, text[], integer[], text[], text[], jsonb, text, bigint, integer) is
    'A page of what search_lead_ids finds in an account, in its order, and how much it finds in all; a page without leads is one row of the total alone. It begins as newest_leads does, and lends no rights.';
revoke all on function search_lead_page(uuid, text, text[], integer[], text[], text[], jsonb, text, bigint, integer)
    from public;
