-- Nearly every search by a plan that is made once a connection: to put its statement together and to plan it took longer
-- than to run it where little is found.

grant create on schema public to leadconnect_search;
do $$
declare
    is_superuser constant boolean := (select rolsuper from pg_roles where rolname = current_user);
begin
    if not is_superuser then
        grant leadconnect_search to current_user;
    end if;
end
$$;
set local role leadconnect_search;

create or replace function search_leads(
    texts text[],
    codes text[],
    statuses text[],
    category text,
    cities text[],
    sectors text[],
    due_from date,
    due_before date,
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
$$;

reset role;
do $$
declare
    is_superuser constant boolean := (select rolsuper from pg_roles where rolname = current_user);
begin
    if not is_superuser then
        revoke leadconnect_search from current_user;
    end if;
end
$$;
revoke create on schema public from leadconnect_search;
