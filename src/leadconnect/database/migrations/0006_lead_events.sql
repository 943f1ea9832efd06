-- What happened to each lead, who did it and how; when a lead was won or lost; and finding deleted leads again.

alter table leads add column converted_at timestamptz, add column lost_at timestamptz;
comment on column leads.converted_at is 'When the status last became converted; null while it is another one.';
comment on column leads.lost_at is 'When the status last became lost; null while it is another one.';

-- A migration is one transaction, so the index is not made concurrently; no row is in it yet.
-- squawk-ignore require-concurrent-index-creation
create index leads_deleted_idx on leads (account_id, created_at desc, id desc) where deleted_at is not null;

create table lead_events (
    account_id uuid not null,
    lead_id uuid not null,
    id uuid not null,
    actor_id uuid,
    happened_at timestamptz not null default clock_timestamp(),
    kind text not null check (kind in ('created', 'changed', 'deleted', 'restored')),
    field text check ((field is not null) = (kind = 'changed')),
    old_value text,
    new_value text,
    source text not null check (source in ('api', 'import', 'bulk', 'system')),
    change_set_id uuid not null,
    primary key (account_id, lead_id, id),
    foreign key (account_id, lead_id) references leads (account_id, id),
    foreign key (account_id, actor_id) references users (account_id, id)
);
comment on table lead_events is 'One row a changed field, and one for each creation, deletion and restoration. Nothing in it is ever changed.';
comment on column lead_events.change_set_id is 'The same for all that one act did: one request, one import.';

alter table lead_events enable row level security;
alter table lead_events force row level security;
create policy own_account on lead_events to leadconnect_request using (account_id = (select current_account_id()));
grant select, insert on lead_events to leadconnect_request;
