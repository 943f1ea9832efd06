-- Acts on many leads that take a while, what undoing left alone, and since when a lead had been won or lost.

alter table change_sets
    add column state text not null default 'done',
    add column done_count bigint not null default 0,
    add column request jsonb,
    add column left_alone jsonb not null default '[]',
    add column left_alone_count bigint not null default 0,
    add column failure text;
alter table change_sets add constraint change_sets_state_check check (state in ('pending', 'done', 'failed')) not valid;
-- The table came with the same release and is empty.
-- squawk-ignore constraint-missing-not-valid
alter table change_sets validate constraint change_sets_state_check;
comment on column change_sets.state is 'Pending while the worker has it to do or is at it; all of it is there once it is done, and nothing before.';
comment on column change_sets.done_count is 'How many leads the worker has been through; of one that is pending, lead_count is how many there will be.';
comment on column change_sets.request is 'What the worker is to do; null once it is done, and where nothing was left to it.';
comment on column change_sets.left_alone is 'The first of what undoing left alone, as it is answered; left_alone_count is how much there was.';

alter table lead_events add column old_since timestamptz;
comment on column lead_events.old_since is 'Of a changed status: since when the lead had been won or lost before, so that undoing brings that back too.';
