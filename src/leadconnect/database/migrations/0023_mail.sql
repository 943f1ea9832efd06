-- Which addresses mail is refused for, who was invited and has not accepted, and mails about several notifications.

alter table users
    add column invited_at timestamptz,
    add column mail_problem text
        constraint users_mail_problem_check check (mail_problem in ('unknown', 'full', 'refused', 'unsupported')),
    add column mail_problem_reply text,
    add column mail_problem_at timestamptz;
comment on column users.invited_at is 'When the user was added by another one; null from their first log-in or the first password of their own on. Until then they are mailed the invitation alone.';
comment on column users.mail_problem is 'Why a mail server refused mail to the address for good; null once one took a mail.';
comment on column users.mail_problem_reply is 'What the mail server replied, shortened and without addresses.';

alter table notification_settings
    add column own_actions boolean not null default false,
    add column news_due_at timestamptz,
    add column news_mailed_at timestamptz;
comment on column notification_settings.own_actions is 'Whether the user is notified of what they did themselves.';
comment on column notification_settings.news_due_at is 'When the job that mails what is due runs; null where none waits.';
comment on column notification_settings.news_mailed_at is 'When notifications were last mailed; the next ones wait for the interval between two mails.';

alter table notifications
    add column is_own boolean not null default false,
    add column mail_due boolean not null default false;
comment on column notifications.is_own is 'True where the user did it and is not notified: in no inbox, but counted in the numbers of the day.';
comment on column notifications.mail_due is 'True until the mail is posted that the user is notified by.';
-- squawk-ignore require-concurrent-index-creation
create index notifications_mail_due_idx on notifications (account_id, user_id) where mail_due;
