-- step:  007
-- keeps: where each person is reached, what has to be told at once, and every message with what became of it
-- unit:  none; moments as in the log

-- A person's own address on a channel; channels and their secrets stand in a file beside the store, not in it.
-- is_digest_on is false where the person wants no digest there; what is told at once comes all the same.
CREATE TABLE message_address (
    account_id TEXT NOT NULL,
    channel_key TEXT NOT NULL,
    mail_address TEXT NOT NULL,
    is_digest_on BOOLEAN NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    changed_by TEXT NOT NULL,
    PRIMARY KEY (account_id, channel_key)
);

-- What a unit has to be told at once, kept in the transaction of the action that causes it: a returned report
-- (message_kind returned, cause_key its report_id), an opened inquiry (inquiry, its number). told_at is empty until it
-- is in the outbox, or until there was nobody to tell.
CREATE TABLE message_cause (
    cause_no BIGINT PRIMARY KEY,
    message_kind TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    cause_key TEXT NOT NULL,
    caused_at TIMESTAMP NOT NULL,
    told_at TIMESTAMP
);

-- A day whose digests were all put into the outbox, in one transaction with this row; also if nobody had any.
CREATE TABLE message_day (
    digest_on DATE PRIMARY KEY,
    made_at TIMESTAMP NOT NULL,
    message_count INTEGER NOT NULL
);

-- The outbox. receiver_key is an account, or # and the channel of a group; role and recipient_id are whose view the
-- message was made of: if the account's are others when it is sent, it is dropped. message_state is waiting, sending,
-- sent, given_up or dropped. Nothing in it was typed by a person. keys_json names everything that was open for the
-- receiver, so that the next digest knows what is new.
CREATE TABLE message (
    message_no BIGINT PRIMARY KEY,
    message_kind TEXT NOT NULL,
    receiver_key TEXT NOT NULL,
    channel_key TEXT NOT NULL,
    cause_key TEXT NOT NULL,
    role TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    title_text TEXT NOT NULL,
    lines_json TEXT NOT NULL,
    closing_text TEXT NOT NULL,
    keys_json TEXT NOT NULL,
    made_at TIMESTAMP NOT NULL,
    send_after TIMESTAMP NOT NULL,
    message_state TEXT NOT NULL,
    attempt_count INTEGER NOT NULL,
    tried_at TIMESTAMP,
    sent_at TIMESTAMP,
    sent_to_text TEXT NOT NULL,
    fault_text TEXT NOT NULL,
    UNIQUE (receiver_key, channel_key, message_kind, cause_key)
);
