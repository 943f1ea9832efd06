-- Leads, what search looks into, the sectors an account has named, and the running totals of its leads.

create table leads (
    account_id uuid not null,
    id uuid not null,
    user_id uuid not null,
    created_by uuid not null,
    updated_by uuid not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    name text not null,
    phone_number text not null,
    email text,
    date_of_birth date,
    city text,
    state text,
    country text,
    pincode text,
    company_name text,
    designation text,
    customer_category text not null default 'potential' check (customer_category in ('existing', 'potential')),
    last_contacted_date date,
    last_contacted_by text,
    next_followup_date date,
    customer_interested_in text,
    preferred_communication_channel text,
    custom_communication_channel text,
    lead_source text not null default 'website' check (lead_source in (
        'website', 'referral', 'linkedin', 'facebook', 'twitter', 'campaign', 'instagram', 'generated_by', 'on_field',
        'other'
    )),
    custom_lead_source text,
    custom_referral_source text,
    custom_generated_by text,
    lead_status text not null default 'new'
        check (lead_status in ('new', 'followup', 'qualified', 'hot', 'converted', 'lost')),
    lead_created_by text,
    additional_notes text,
    sector text,
    custom_sector text,
    assigned_to_user_id uuid,
    deleted_at timestamptz,
    city_key text collate "C",
    sector_key text collate "C",
    primary key (account_id, id),
    foreign key (account_id, user_id) references users (account_id, id),
    foreign key (account_id, assigned_to_user_id) references users (account_id, id),
    foreign key (account_id, created_by) references users (account_id, id),
    foreign key (account_id, updated_by) references users (account_id, id)
);
comment on column leads.city_key is 'The city as it is compared: the application folds its case, for a server in the locale C folds ASCII alone.';

create table lead_search (
    account_id uuid not null,
    lead_id uuid not null,
    created_at timestamptz not null,
    is_deleted boolean not null default false,
    search_text text collate "C" not null,
    search_codes integer[] not null,
    primary key (account_id, lead_id),
    foreign key (account_id, lead_id) references leads (account_id, id)
);
comment on table lead_search is 'What search looks into. Apart from leads, so that a changed status does not write to the search index, and leads stay half as wide.';
comment on column lead_search.search_text is 'Lines of case-folded text: name, address, phone, company, and the digits of the phone.';
comment on column lead_search.search_codes is 'Codes of the trigrams of search_text, seeded with the account, so that one index serves all accounts apart.';
alter table lead_search alter column search_codes set statistics 0;

create index leads_newest_idx on leads (account_id, created_at desc, id desc) where deleted_at is null;
create index leads_status_idx on leads (account_id, lead_status, created_at desc, id desc) where deleted_at is null;
create index leads_city_idx on leads (account_id, city_key, created_at desc, id desc) where deleted_at is null;
create index leads_sector_idx on leads (account_id, sector_key, created_at desc, id desc) where deleted_at is null;
create index leads_followup_idx on leads (account_id, next_followup_date)
    where deleted_at is null and next_followup_date is not null and lead_status not in ('converted', 'lost');
create index lead_search_codes_idx on lead_search using gin (search_codes)
    with (fastupdate = on, gin_pending_list_limit = 1024);

create table custom_sectors (
    account_id uuid not null references accounts (id),
    id uuid not null,
    sector text not null,
    sector_key text collate "C" not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (account_id, id),
    unique (account_id, sector_key)
);

create table lead_counts (
    account_id uuid not null references accounts (id),
    id bigint generated always as identity,
    lead_status text not null,
    customer_category text not null,
    lead_count bigint not null,
    is_folded boolean not null default false,
    primary key (account_id, id)
);
comment on table lead_counts is 'Totals by status and category as sums: each change of leads appends what it added or took away, so that writers never wait for each other; background work folds the rows.';
create index lead_counts_unfolded_idx on lead_counts (account_id) where not is_folded;

create function count_added_leads() returns trigger language plpgsql as $$
begin
    insert into public.lead_counts (account_id, lead_status, customer_category, lead_count)
    select account_id, lead_status, customer_category, count(*)
    from added where deleted_at is null
    group by account_id, lead_status, customer_category;
    return null;
end
$$;

create function count_changed_leads() returns trigger language plpgsql as $$
begin
    insert into public.lead_counts (account_id, lead_status, customer_category, lead_count)
    select account_id, lead_status, customer_category, sum(change)
    from (
        select account_id, lead_status, customer_category, 1 as change from added where deleted_at is null
        union all
        select account_id, lead_status, customer_category, -1 from removed where deleted_at is null
    ) changes
    group by account_id, lead_status, customer_category
    having sum(change) <> 0;
    return null;
end
$$;

create trigger count_added_leads after insert on leads
    referencing new table as added
    for each statement execute function count_added_leads();
create trigger count_changed_leads after update on leads
    referencing old table as removed new table as added
    for each statement execute function count_changed_leads();

alter table leads enable row level security;
alter table leads force row level security;
alter table lead_search enable row level security;
alter table lead_search force row level security;
alter table custom_sectors enable row level security;
alter table custom_sectors force row level security;
alter table lead_counts enable row level security;
alter table lead_counts force row level security;

create policy own_account on leads to leadconnect_request using (account_id = (select current_account_id()));
create policy own_account on lead_search to leadconnect_request using (account_id = (select current_account_id()));
create policy own_account on custom_sectors to leadconnect_request using (account_id = (select current_account_id()));
create policy own_account on lead_counts to leadconnect_request using (account_id = (select current_account_id()));
create policy search on leads for select to leadconnect_search using (true);
create policy search on lead_search for select to leadconnect_search using (true);
create policy directory on leads for select to leadconnect_directory using (current_user = 'leadconnect_directory');
create policy directory on lead_counts to leadconnect_directory using (current_user = 'leadconnect_directory');

grant select, insert, update on leads, lead_search to leadconnect_request;
grant select, insert, update on custom_sectors to leadconnect_request;
grant select, insert on lead_counts to leadconnect_request;
grant select on leads, lead_search to leadconnect_search;
grant select on leads to leadconnect_directory;
grant select, insert, update, delete on lead_counts to leadconnect_directory;
