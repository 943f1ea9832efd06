-- Keys of leads that are older than they are worked out in the background, and the sweep for duplicates walks the keys
-- with their leads in the index alone.

-- A migration is one transaction, so an index is neither dropped nor made concurrently.
-- squawk-ignore require-concurrent-index-deletion
drop index lead_search_phone_idx;
-- squawk-ignore require-concurrent-index-deletion
drop index lead_search_email_idx;
-- squawk-ignore require-concurrent-index-creation
create index lead_search_phone_idx on lead_search (account_id, phone_key, lead_id)
    where phone_key is not null and not is_deleted;
-- squawk-ignore require-concurrent-index-creation
create index lead_search_email_idx on lead_search (account_id, email_key, lead_id)
    where email_key is not null and not is_deleted;

create policy directory on lead_search for select to leadconnect_directory
    using (current_user = 'leadconnect_directory');
grant select (account_id, lead_id, is_keyed) on lead_search to leadconnect_directory;

create table lead_merges (
    account_id uuid not null,
    change_set_id uuid not null,
    lead_id uuid not null,
    survivor_id uuid not null,
    converted_at timestamptz,
    lost_at timestamptz,
    notification_ids uuid[] not null default '{}',
    redirected_ids uuid[] not null default '{}',
    systems text[] not null default '{}',
    external_ids text[] not null default '{}',
    primary key (account_id, change_set_id, lead_id),
    foreign key (account_id, change_set_id) references change_sets (account_id, id),
    foreign key (account_id, lead_id) references leads (account_id, id),
    foreign key (account_id, survivor_id) references leads (account_id, id)
);
comment on table lead_merges is 'What merging moved and no event tells, a row for each lead of a merge, the survivor too: by this it is moved back.';
comment on column lead_merges.converted_at is 'As it was before the merge, and so is lost_at.';
comment on column lead_merges.redirected_ids is 'Leads that had been merged into this one before.';
comment on column lead_merges.systems is 'Whose ids were moved; the ids stand at the same places of external_ids.';
create index lead_merges_lead_idx on lead_merges (account_id, lead_id);
create index lead_merges_survivor_idx on lead_merges (account_id, survivor_id);

alter table lead_merges enable row level security;
alter table lead_merges force row level security;
create policy own_account on lead_merges to leadconnect_request using (account_id = (select current_account_id()));
grant select, insert on lead_merges to leadconnect_request;
grant update (lead_id) on lead_redirects to leadconnect_request;
