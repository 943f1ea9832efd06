-- Accounts (the tenants), their users, what sub-users may do, and each user's settings.
--
-- Row security is enabled and forced on every table with an account, and nobody holds BYPASSRLS. Three roles that
-- cannot log in share the work; the login role owns the schema and takes one of the first two on in each transaction. It
-- is their member, so the policies that reach all accounts ask for the role itself: without it, it sees no row.
--   leadconnect_request    one account's rows, the account being named by the setting app.account_id
--   leadconnect_directory  the few look-ups that come before an account is known, and background work
--   leadconnect_search     owns the search function, and reads leads for it; nobody is its member

do $$
declare
    member text;
begin
    -- Roles are shared by the databases of a cluster, and another one may be migrated to the same at this moment: what
    -- is there already, or is being changed to the same ("tuple concurrently updated"), is as it should be.
    foreach member in array array['leadconnect_request', 'leadconnect_directory', 'leadconnect_search'] loop
        begin
            execute format('create role %I nologin', member);
        exception when duplicate_object or unique_violation then
            null;
        end;
        begin
            if member <> 'leadconnect_search' and not (select rolsuper from pg_roles where rolname = current_user) then
                execute format('grant %I to current_user', member);
            end if;
        exception when internal_error then
            null;
        end;
    end loop;
end
$$;

do $$
begin
    execute format('revoke create, temporary on database %I from public', current_database());
end
$$;
revoke all on schema public from public;
grant usage on schema public to leadconnect_request, leadconnect_directory, leadconnect_search;

create function current_account_id() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('app.account_id', true), '')::uuid;
comment on function current_account_id() is 'The account of this transaction, null when none was named: then no row is visible.';

create table accounts (
    id uuid primary key,
    owner_id uuid not null,
    company_name text not null,
    company_size text not null
        check (company_size in ('1-10', '11-50', '51-200', '201-500', '501-1000', '1000+')),
    industry text not null check (industry in (
        'real-estate', 'automotive', 'textile', 'electronics', 'pharmaceuticals', 'food-beverage', 'construction',
        'furniture', 'agriculture', 'chemicals', 'aerospace', 'healthcare', 'retail', 'energy-oil-gas',
        'renewable-energy', 'plastics', 'paper-pulp', 'telecommunications', 'mining', 'marine', 'jewelry',
        'printing-publishing', 'cosmetics', 'logistics', 'education', 'manpower-services', 'technology', 'finance',
        'consulting', 'real_estate', 'other'
    )),
    custom_industry text,
    website text,
    time_zone text not null default 'UTC',
    locale text not null default 'en',
    subscription_status text not null default 'trial'
        check (subscription_status in ('trial', 'active', 'cancelled', 'expired')),
    subscription_plan text not null default 'basic'
        check (subscription_plan in ('basic', 'professional', 'enterprise')),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table accounts is 'The tenants. A company name is a label and never a key.';

create table users (
    account_id uuid not null references accounts (id),
    id uuid not null,
    email text not null,
    email_normal text not null,
    full_name text not null,
    password text not null,
    role text not null check (role in ('Sales Representative', 'Sales Manager', 'Management', 'other')),
    custom_role text,
    phone_number text,
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    primary key (account_id, id)
);
comment on column users.email_normal is 'The address as it is compared; unique among all accounts, for it is looked up before an account is known.';
create unique index users_email_normal_key on users (email_normal) where deleted_at is null;

alter table accounts add constraint accounts_owner_fkey
    foreign key (id, owner_id) references users (account_id, id) deferrable initially deferred;

create table user_permissions (
    account_id uuid not null,
    user_id uuid not null,
    parent_user_id uuid not null,
    can_view_leads boolean not null default true,
    can_edit_leads boolean not null default false,
    can_add_leads boolean not null default false,
    can_export_leads boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (account_id, user_id),
    foreign key (account_id, user_id) references users (account_id, id),
    foreign key (account_id, parent_user_id) references users (account_id, id)
);

create table notification_settings (
    account_id uuid not null,
    user_id uuid not null,
    new_leads boolean not null default true,
    follow_ups boolean not null default true,
    hot_leads boolean not null default true,
    conversions boolean not null default true,
    browser_push boolean not null default false,
    daily_summary boolean not null default false,
    email_notifications boolean not null default true,
    push_subscription text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (account_id, user_id),
    foreign key (account_id, user_id) references users (account_id, id)
);

create table security_settings (
    account_id uuid not null,
    user_id uuid not null,
    two_factor_enabled boolean not null default false,
    two_factor_method text not null default 'email' check (two_factor_method in ('email')),
    last_two_factor_setup timestamptz,
    login_notifications boolean not null default true,
    session_timeout text check (session_timeout in ('15', '30', '60', '120', '240')),
    last_password_change timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (account_id, user_id),
    foreign key (account_id, user_id) references users (account_id, id)
);
comment on column security_settings.session_timeout is 'Minutes; null until the user chooses one.';

create table user_preferences (
    account_id uuid not null,
    user_id uuid not null,
    default_view text not null default 'table' check (default_view in ('table', 'grid', 'list')),
    items_per_page text not null default '20' check (items_per_page in ('10', '20', '30', '40', '50', '100')),
    auto_save boolean not null default true,
    compact_mode boolean not null default false,
    export_format text not null default 'csv' check (export_format in ('csv', 'xlsx', 'pdf')),
    export_notes boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (account_id, user_id),
    foreign key (account_id, user_id) references users (account_id, id)
);

alter table accounts enable row level security;
alter table accounts force row level security;
alter table users enable row level security;
alter table users force row level security;
alter table user_permissions enable row level security;
alter table user_permissions force row level security;
alter table notification_settings enable row level security;
alter table notification_settings force row level security;
alter table security_settings enable row level security;
alter table security_settings force row level security;
alter table user_preferences enable row level security;
alter table user_preferences force row level security;

create policy own_account on accounts to leadconnect_request using (id = (select current_account_id()));
create policy own_account on users to leadconnect_request using (account_id = (select current_account_id()));
create policy own_account on user_permissions to leadconnect_request using (account_id = (select current_account_id()));
create policy own_account on notification_settings to leadconnect_request using (account_id = (select current_account_id()));
create policy own_account on security_settings to leadconnect_request using (account_id = (select current_account_id()));
create policy own_account on user_preferences to leadconnect_request using (account_id = (select current_account_id()));

create policy directory on accounts to leadconnect_directory using (current_user = 'leadconnect_directory');
create policy directory on users to leadconnect_directory using (current_user = 'leadconnect_directory');
create policy directory on user_permissions to leadconnect_directory using (current_user = 'leadconnect_directory');
create policy directory on security_settings to leadconnect_directory using (current_user = 'leadconnect_directory');

grant select, insert, update on accounts, users, user_permissions, notification_settings, security_settings,
    user_preferences to leadconnect_request;
grant select on accounts, users, user_permissions, security_settings to leadconnect_directory;
