-- A user's own website, changes of e-mail addresses that wait for their code, and links to set a password with.

alter table users add column website text;
comment on column users.website is 'A sub-user''s own; without one the account''s is shown. The owner''s is the account''s.';

-- Not valid, so that no row is read under its lock: every write is checked, and so far there is only the default.
alter table accounts add constraint accounts_locale_check check (locale in (
    'en', 'en-AU', 'en-CA', 'en-GB', 'en-IN', 'en-US', 'ar', 'bn', 'cs', 'da', 'de', 'de-AT', 'de-CH', 'el', 'es',
    'es-MX', 'fi', 'fr', 'fr-CA', 'gu', 'he', 'hi', 'hu', 'id', 'it', 'ja', 'kn', 'ko', 'ml', 'mr', 'nb', 'nl', 'pa',
    'pl', 'pt', 'pt-BR', 'ro', 'ru', 'sv', 'ta', 'te', 'th', 'tr', 'uk', 'ur', 'vi', 'zh', 'zh-TW'
)) not valid;

create table email_changes (
    account_id uuid not null,
    user_id uuid not null,
    email text not null,
    email_normal text not null,
    otp text not null,
    attempt_count smallint not null default 0 check (attempt_count between 0 and 5),
    expires_at timestamptz not null,
    ended_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (account_id, user_id),
    foreign key (account_id, user_id) references users (account_id, id)
);
comment on table email_changes is 'The latest change of each user''s address that needs a code; a newer one takes its place.';
comment on column email_changes.otp is 'Keyed digest of the code.';
create index email_changes_expires_idx on email_changes (expires_at);

create table password_links (
    account_id uuid not null,
    id uuid not null,
    user_id uuid not null,
    token text not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (account_id, id),
    foreign key (account_id, user_id) references users (account_id, id)
);
comment on column password_links.token is 'SHA-256 of the token, in hex; the token itself is never stored.';
create unique index password_links_token_key on password_links (token);
create index password_links_user_idx on password_links (account_id, user_id) where used_at is null;
create index password_links_expires_idx on password_links (expires_at);

alter table email_changes enable row level security;
alter table email_changes force row level security;
alter table password_links enable row level security;
alter table password_links force row level security;

create policy own_account on email_changes to leadconnect_request using (account_id = (select current_account_id()));
create policy own_account on password_links to leadconnect_request using (account_id = (select current_account_id()));
create policy directory on email_changes to leadconnect_directory using (current_user = 'leadconnect_directory');
create policy directory on password_links to leadconnect_directory using (current_user = 'leadconnect_directory');

grant select, insert, update on email_changes, password_links to leadconnect_request;
grant select, delete on email_changes, password_links to leadconnect_directory;

create function open_password_link(digest text)
    returns table (account_id uuid, user_id uuid, link_id uuid, email text, company_name text)
    language sql stable security definer set search_path = pg_catalog, public rows 1
begin atomic
    select l.account_id, l.user_id, l.id, u.email, a.company_name
    from password_links l
    join users u on u.account_id = l.account_id and u.id = l.user_id
    join accounts a on a.id = l.account_id
    where l.token = digest and l.used_at is null and l.expires_at > now() and u.is_active and u.deleted_at is null;
end;
comment on function open_password_link(text) is 'The link of this digest and whose password it sets; nothing when it has ended or its user is not active.';

do $$
begin
    execute 'grant create on schema public to leadconnect_directory';
    revoke all on function open_password_link(text) from public;
    grant execute on function open_password_link(text) to leadconnect_request;
    alter function open_password_link(text) owner to leadconnect_directory;
    execute 'revoke create on schema public from leadconnect_directory';
end
$$;
