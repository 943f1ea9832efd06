-- Users say of two leads that they are not the same person, and are not asked about them again.

create table duplicate_dismissals (
    account_id uuid not null,
    lead_id uuid not null,
    other_id uuid not null,
    dismissed_by uuid not null,
    created_at timestamptz not null default now(),
    primary key (account_id, lead_id, other_id),
    foreign key (account_id, lead_id) references leads (account_id, id),
    foreign key (account_id, other_id) references leads (account_id, id),
    check (lead_id < other_id)
);
comment on table duplicate_dismissals is 'Pairs of leads that are not the same person, the smaller id first. A lead that was merged keeps its pairs; they count for the lead that it was merged into.';
create index duplicate_dismissals_other_idx on duplicate_dismissals (account_id, other_id);

alter table duplicate_dismissals enable row level security;
alter table duplicate_dismissals force row level security;
create policy own_account on duplicate_dismissals to leadconnect_request
    using (account_id = (select current_account_id()));
grant select, insert, delete on duplicate_dismissals to leadconnect_request;
