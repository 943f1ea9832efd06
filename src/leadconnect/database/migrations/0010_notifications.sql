-- Notifications: what each person was told, and the devices that take pushes.

create table notifications (
    account_id uuid not null,
    id uuid not null,
    user_id uuid not null,
    event_key text not null check (length(event_key) <= 100),
    kind text not null check (kind in (
        'new_lead', 'hot_lead', 'conversion', 'leads_imported', 'follow_up', 'daily_summary', 'password_changed',
        'two_factor_changed'
    )),
    lead_id uuid,
    title text not null,
    body text not null,
    created_at timestamptz not null default now(),
    read_at timestamptz,
    primary key (account_id, id),
    unique (account_id, user_id, event_key),
    foreign key (account_id, user_id) references users (account_id, id),
    foreign key (account_id, lead_id) references leads (account_id, id)
);
comment on table notifications is 'The inbox: one row a person and event, however often the event is told.';
comment on column notifications.event_key is 'Names the event; its unique key with the person is what makes telling it twice harmless.';
create index notifications_newest_idx on notifications (account_id, user_id, id desc);
create index notifications_unread_idx on notifications (account_id, user_id) where read_at is null;
create index notifications_created_idx on notifications (created_at);

create table push_subscriptions (
    account_id uuid not null,
    id uuid not null,
    user_id uuid not null,
    session_id uuid not null,
    endpoint text not null check (length(endpoint) <= 2048),
    endpoint_digest bytea not null,
    p256dh text not null,
    auth text not null,
    device_info text,
    failure text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (account_id, id),
    unique (account_id, user_id, endpoint_digest),
    foreign key (account_id, user_id) references users (account_id, id)
);
comment on table push_subscriptions is 'The devices of each user: where a browser takes pushes, and the keys that only it can read with.';
comment on column push_subscriptions.session_id is 'The session that subscribed. No foreign key: a device outlives a session that expired, but not one that was ended.';
comment on column push_subscriptions.endpoint_digest is 'SHA-256 of the endpoint, which is too long for an index.';
comment on column push_subscriptions.failure is 'Why the last message was not taken; null once one was.';
create index push_subscriptions_endpoint_idx on push_subscriptions (account_id, endpoint_digest);

alter table notifications enable row level security;
alter table notifications force row level security;
alter table push_subscriptions enable row level security;
alter table push_subscriptions force row level security;

create policy own_account on notifications to leadconnect_request using (account_id = (select current_account_id()));
create policy own_account on push_subscriptions to leadconnect_request using (account_id = (select current_account_id()));
create policy directory on notifications to leadconnect_directory using (current_user = 'leadconnect_directory');
create policy directory on push_subscriptions to leadconnect_directory using (current_user = 'leadconnect_directory');
create policy directory on notification_settings for select to leadconnect_directory
    using (current_user = 'leadconnect_directory');

grant select, insert, update on notifications to leadconnect_request;
grant select, insert, update, delete on push_subscriptions to leadconnect_request;
-- Background work forgets what is old or was signed out, and finds who has something due.
grant select (account_id, id, created_at), delete on notifications to leadconnect_directory;
grant select (account_id, id, session_id), delete on push_subscriptions to leadconnect_directory;
grant select (account_id, user_id, daily_summary) on notification_settings to leadconnect_directory;
grant select (key) on job_keys to leadconnect_directory;
