-- The page that is asked for most, in one round trip.

create function newest_leads(account uuid, size integer, skipped bigint, caller_name text)
    returns table (lead leads, total bigint)
    language plpgsql
as $$
begin
    perform set_config('app.account_id', account::text, true),
        set_config('application_name', coalesce(caller_name, current_setting('application_name')), true),
        set_config('role', 'leadconnect_request', true);
    return query
    select l, (select coalesce(sum(c.lead_count), 0)::bigint from public.lead_counts c where c.account_id = account)
    from public.leads l
    where l.account_id = account and l.deleted_at is null
    order by l.created_at desc, l.id desc
    limit size offset skipped;
end
$$;
comment on function newest_leads(uuid, integer, bigint, text) is
    'A page of an account''s leads, newest first, and how many there are. It begins as every transaction does: it takes on the role of requests and names the account, for this transaction alone, and reads under row security.';
revoke all on function newest_leads(uuid, integer, bigint, text) from public;
