-- Phones and e-mail addresses of merged leads, by which the lead that they were merged into is found.

create table lead_other_contacts (
    account_id uuid not null,
    lead_id uuid not null,
    kind text collate "C" not null check (kind in ('phone', 'email')),
    value text not null,
    key text collate "C",
    change_set_id uuid not null,
    primary key (account_id, lead_id, kind, value),
    foreign key (account_id, lead_id) references leads (account_id, id),
    foreign key (account_id, change_set_id) references change_sets (account_id, id)
);
comment on table lead_other_contacts is 'Phones and e-mail addresses that a lead got from leads that were merged into it. Undoing the merge deletes them.';
comment on column lead_other_contacts.key is 'As phone_key and email_key of lead_search; null for a placeholder.';
create index lead_other_contacts_key_idx on lead_other_contacts (account_id, kind, key, lead_id) where key is not null;
create index lead_other_contacts_change_set_idx on lead_other_contacts (account_id, change_set_id);

alter table lead_other_contacts enable row level security;
alter table lead_other_contacts force row level security;
create policy own_account on lead_other_contacts to leadconnect_request
    using (account_id = (select current_account_id()));
grant select, insert, delete on lead_other_contacts to leadconnect_request;
