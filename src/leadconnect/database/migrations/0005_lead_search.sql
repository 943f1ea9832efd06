-- The search. Operators that look into text and arrays are not leakproof, so under row security no index would serve
-- them; this one function may use it. It takes the account from the transaction's setting and from nowhere else.

create function search_leads(
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
as $$
declare
    account constant uuid := public.current_account_id();
    is_indexed constant boolean := array_position(codes, null) is null;
    is_filtered constant boolean := num_nonnulls(statuses, category, cities, sectors, due_from) > 0;
    found_by text;
begin
    select string_agg(
        case when is_indexed then format('(s.search_codes @> %L::int[] and strpos(s.search_text, %L) > 0)', code, needle)
        else format('strpos(s.search_text, %L) > 0', needle) end, ' or ')
    into found_by
    from unnest(texts, codes) as sought (needle, code);

    execute 'with hits as materialized (select s.lead_id, s.created_at from public.lead_search s'
        || case when is_filtered then ' join public.leads l on l.account_id = $1 and l.id = s.lead_id' else '' end
        -- The codes tell accounts apart, so the index of codes needs no help; put so, no other one can be chosen.
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
comment on function search_leads(text[], text[], text[], text, text[], text[], date, date, bigint, integer) is
    'A page of the leads of this transaction''s account that have any of the texts, newest first, and how many there are. codes: for each text an array of trigram codes, null where it is too short. Null filters mean all.';

revoke all on function search_leads(text[], text[], text[], text, text[], text[], date, date, bigint, integer) from public;
grant execute on function search_leads(text[], text[], text[], text, text[], text[], date, date, bigint, integer)
    to leadconnect_request;
-- Only now the owner, for nobody else could grant any more. Whoever gives a function away must be a member of the role
-- that gets it; the login role is it for this moment alone, as the policy of this role asks no further.
grant create on schema public to leadconnect_search;
do $$
declare
    is_superuser constant boolean := (select rolsuper from pg_roles where rolname = current_user);
begin
    if not is_superuser then
        grant leadconnect_search to current_user;
    end if;
    alter function search_leads(text[], text[], text[], text, text[], text[], date, date, bigint, integer)
        owner to leadconnect_search;
    if not is_superuser then
        revoke leadconnect_search from current_user;
    end if;
end
$$;
revoke create on schema public from leadconnect_search;
