-- What analytics adds up: leads by source, channel and day as sums, and when leads were won or lost.

create table lead_tallies (
    account_id uuid not null references accounts (id),
    kind text collate "C" not null check (kind in ('source', 'channel', 'followup', 'created', 'converted', 'lost')),
    label text collate "C" not null,
    day date not null,
    id bigint generated always as identity,
    lead_count bigint not null,
    conversion_days bigint not null,
    is_folded boolean not null default false,
    primary key (account_id, kind, label, day, id)
);
comment on table lead_tallies is 'Sums of leads, appended to and folded as lead_counts; apart from it, for every list sums that one up.';
comment on column lead_tallies.label is 'The source, the channel or, of a follow-up, the status; empty where the day says it all.';
comment on column lead_tallies.day is 'The day of the follow-up, or that of the instant in UTC; -infinity where there is none.';
comment on column lead_tallies.conversion_days is 'From creation to conversion in begun days, as a sum over the leads of the kind converted.';
create index lead_tallies_unfolded_idx on lead_tallies (account_id) where not is_folded;

create function lead_facets(
    lead_status text, lead_source text, preferred_channel text, custom_channel text, next_followup_date date,
    created_at timestamptz, converted_at timestamptz, lost_at timestamptz
) returns table (kind text, label text, day date, conversion_days bigint)
    language sql immutable parallel safe
begin atomic
    select facet.kind, facet.label, facet.day, facet.conversion_days
    from (
        values
            ('source', lead_source, '-infinity'::date, 0::bigint),
            ('channel', left(coalesce(nullif(preferred_channel, ''), nullif(custom_channel, ''), 'unknown'), 255),
                '-infinity'::date, 0),
            ('followup', case when lead_status not in ('converted', 'lost') then lead_status end,
                next_followup_date, 0),
            ('created', '', (created_at at time zone 'UTC')::date, 0),
            ('converted', '', (converted_at at time zone 'UTC')::date,
                ceil(extract(epoch from converted_at - created_at) / 86400)::bigint),
            ('lost', '', (lost_at at time zone 'UTC')::date, 0)
    ) as facet (kind, label, day, conversion_days)
    where facet.label is not null and facet.day is not null;
end;
comment on function lead_facets is 'The tallies that a lead adds one to. A follow-up is one of an open lead.';

create or replace function count_added_leads() returns trigger language plpgsql as $$
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

create or replace function count_changed_leads() returns trigger language plpgsql as $$
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

-- A migration is one transaction, so the indexes are not made concurrently.
-- squawk-ignore require-concurrent-index-creation
create index leads_converted_idx on leads (account_id, converted_at)
    where deleted_at is null and converted_at is not null;
-- squawk-ignore require-concurrent-index-creation
create index leads_lost_idx on leads (account_id, lost_at) where deleted_at is null and lost_at is not null;
-- With the id, so that the first follow-ups of an account are read in their order.
-- squawk-ignore require-concurrent-index-deletion
drop index leads_followup_idx;
-- squawk-ignore require-concurrent-index-creation
create index leads_followup_idx on leads (account_id, next_followup_date, id)
    where deleted_at is null and next_followup_date is not null and lead_status not in ('converted', 'lost');

alter table lead_tallies enable row level security;
alter table lead_tallies force row level security;
create policy own_account on lead_tallies to leadconnect_request using (account_id = (select current_account_id()));
create policy directory on lead_tallies to leadconnect_directory using (current_user = 'leadconnect_directory');
grant select, insert on lead_tallies to leadconnect_request;
grant select, insert, update, delete on lead_tallies to leadconnect_directory;

-- The leads that are there already, as the role that sees those of all accounts.
set local role leadconnect_directory;
insert into lead_tallies (account_id, kind, label, day, lead_count, conversion_days)
select account_id, kind, label, day, count(*), sum(conversion_days)
from leads, lead_facets(lead_status, lead_source, preferred_communication_channel, custom_communication_channel,
    next_followup_date, created_at, converted_at, lost_at)
where deleted_at is null
group by account_id, kind, label, day;
reset role;
