-- Imports: the file that was brought, the plan of what becomes of each of its rows, and how headers were read before.

create table imports (
    account_id uuid not null references accounts (id),
    id uuid not null,
    created_by uuid not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    status text not null check (status in ('planning', 'planned', 'applying', 'applied', 'cancelled', 'failed')),
    run uuid not null,
    file_name text not null,
    media text not null,
    size_bytes bigint not null,
    options jsonb not null,
    plan jsonb,
    rows_done bigint not null default 0,
    rows_total bigint,
    failure_code text,
    failure text,
    change_set_id uuid,
    finished_at timestamptz,
    primary key (account_id, id),
    foreign key (account_id, created_by) references users (account_id, id),
    foreign key (account_id, change_set_id) references change_sets (account_id, id)
);
comment on column imports.run is 'The latest order to plan or to apply; a worker that carries out an older one stops.';
create index imports_created_idx on imports (created_at);

create table import_chunks (
    account_id uuid not null,
    import_id uuid not null,
    number integer not null,
    data bytea not null,
    primary key (account_id, import_id, number),
    foreign key (account_id, import_id) references imports (account_id, id) on delete cascade
);
comment on table import_chunks is 'The file, byte for byte, in parts of one size but for the last.';
alter table import_chunks alter column data set storage external;

create table import_rows (
    account_id uuid not null,
    import_id uuid not null,
    row_number integer not null,
    line integer not null,
    start_byte bigint not null,
    end_byte bigint not null,
    verdict text collate "C" not null check (verdict in ('create', 'update', 'duplicate', 'skip', 'reject')),
    code text collate "C",
    lead_id uuid,
    of_row integer,
    phone_key text collate "C",
    email_key text collate "C",
    external_id text collate "C",
    lead jsonb,
    detail jsonb,
    primary key (account_id, import_id, row_number),
    foreign key (account_id, import_id) references imports (account_id, id) on delete cascade
);
comment on column import_rows.code is 'Why a row is skipped or rejected, or what it has in common with another one.';
comment on column import_rows.lead_id is 'The lead that a row becomes, changes or has been found to be.';

create table import_mappings (
    account_id uuid not null references accounts (id),
    fingerprint text collate "C" not null,
    mapping jsonb not null,
    updated_at timestamptz not null default now(),
    primary key (account_id, fingerprint)
);
comment on table import_mappings is 'How the account has had files with this header read.';

alter table imports enable row level security;
alter table imports force row level security;
alter table import_chunks enable row level security;
alter table import_chunks force row level security;
alter table import_rows enable row level security;
alter table import_rows force row level security;
alter table import_mappings enable row level security;
alter table import_mappings force row level security;
create policy own_account on imports to leadconnect_request using (account_id = (select current_account_id()));
create policy own_account on import_chunks to leadconnect_request using (account_id = (select current_account_id()));
create policy own_account on import_rows to leadconnect_request using (account_id = (select current_account_id()));
create policy own_account on import_mappings to leadconnect_request using (account_id = (select current_account_id()));
create policy directory on imports to leadconnect_directory using (current_user = 'leadconnect_directory');
grant select, insert, update on imports to leadconnect_request;
grant select, insert on import_chunks to leadconnect_request;
grant select, insert, update, delete on import_rows to leadconnect_request;
grant select, insert, update on import_mappings to leadconnect_request;
grant select, delete on imports to leadconnect_directory;
