-- What finds duplicates, what merging leaves behind, and which acts can be undone.

alter table lead_search
    add column phone_key text collate "C",
    add column email_key text collate "C",
    add column is_keyed boolean not null default false;
comment on column lead_search.phone_key is 'The phone in E.164, as far as it can be told; equal keys are one number.';
comment on column lead_search.email_key is 'The mailbox behind the address: folded, without a plus-tag.';
comment on column lead_search.is_keyed is 'False until the application has worked the keys out; background work does so for leads that are older than they.';

-- A migration is one transaction, so an index is not made concurrently.
-- squawk-ignore require-concurrent-index-creation
create index lead_search_phone_idx on lead_search (account_id, phone_key)
    where phone_key is not null and not is_deleted;
-- squawk-ignore require-concurrent-index-creation
create index lead_search_email_idx on lead_search (account_id, email_key)
    where email_key is not null and not is_deleted;
-- squawk-ignore require-concurrent-index-creation
create index lead_search_unkeyed_idx on lead_search (account_id, lead_id) where not is_keyed;

create table lead_external_ids (
    account_id uuid not null,
    system text collate "C" not null,
    external_id text collate "C" not null,
    lead_id uuid not null,
    created_at timestamptz not null default now(),
    primary key (account_id, system, external_id),
    foreign key (account_id, lead_id) references leads (account_id, id)
);
comment on table lead_external_ids is 'By which id another system knows a lead.';
create index lead_external_ids_lead_idx on lead_external_ids (account_id, lead_id);

create table change_sets (
    account_id uuid not null references accounts (id),
    id uuid not null,
    kind text not null check (kind in ('import', 'bulk_update', 'bulk_delete', 'merge', 'undo')),
    actor_id uuid not null,
    created_at timestamptz not null default now(),
    description text not null default '',
    lead_count bigint not null default 0,
    undoes uuid,
    undone_by uuid,
    primary key (account_id, id),
    foreign key (account_id, actor_id) references users (account_id, id),
    foreign key (account_id, undoes) references change_sets (account_id, id),
    foreign key (account_id, undone_by) references change_sets (account_id, id)
);
comment on table change_sets is 'Acts on many leads that can be undone; what they did stands in lead_events under the same id.';

create table lead_redirects (
    account_id uuid not null,
    old_id uuid not null,
    lead_id uuid not null,
    change_set_id uuid not null,
    created_at timestamptz not null default now(),
    primary key (account_id, old_id),
    foreign key (account_id, old_id) references leads (account_id, id),
    foreign key (account_id, lead_id) references leads (account_id, id),
    foreign key (account_id, change_set_id) references change_sets (account_id, id)
);
comment on table lead_redirects is 'Leads that were merged into another one; their old ids lead to it.';
create index lead_redirects_lead_idx on lead_redirects (account_id, lead_id);

-- The new ones allow more; nothing that was stored can break them, and a migration is one transaction.
-- squawk-ignore ban-drop-constraint
alter table lead_events drop constraint lead_events_kind_check;
alter table lead_events add constraint lead_events_kind_check
    check (kind in ('created', 'changed', 'deleted', 'restored', 'merged', 'unmerged')) not valid;
-- squawk-ignore constraint-missing-not-valid
alter table lead_events validate constraint lead_events_kind_check;
-- squawk-ignore ban-drop-constraint
alter table lead_events drop constraint lead_events_source_check;
alter table lead_events add constraint lead_events_source_check
    check (source in ('api', 'import', 'bulk', 'system', 'merge', 'undo')) not valid;
-- squawk-ignore constraint-missing-not-valid
alter table lead_events validate constraint lead_events_source_check;
-- squawk-ignore require-concurrent-index-creation
create index lead_events_change_set_idx on lead_events (account_id, change_set_id, lead_id) where source <> 'api';

alter table lead_external_ids enable row level security;
alter table lead_external_ids force row level security;
alter table change_sets enable row level security;
alter table change_sets force row level security;
alter table lead_redirects enable row level security;
alter table lead_redirects force row level security;
create policy own_account on lead_external_ids to leadconnect_request
    using (account_id = (select current_account_id()));
create policy own_account on change_sets to leadconnect_request using (account_id = (select current_account_id()));
create policy own_account on lead_redirects to leadconnect_request using (account_id = (select current_account_id()));
grant select, insert, update, delete on lead_external_ids to leadconnect_request;
grant select, insert, update on change_sets to leadconnect_request;
grant select, insert, delete on lead_redirects to leadconnect_request;
