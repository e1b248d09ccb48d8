-- step:  004
-- keeps: the days that a region changes, and every day counted as a working day or not, so that the due dates of any
--        number of rows are one join; when the office closes; who recorded a step. A store of step 003 is counted by
--        the calendar that its clocks ran by
-- unit:  working days

-- What a region changes of the State Council's arrangement; a row is never overwritten, only removed with a reason.
-- removed_at is empty as long as the row holds. trust is one of V S C D M.
CREATE TABLE regional_day (
    region_code TEXT NOT NULL,
    calendar_day DATE NOT NULL,
    is_working BOOLEAN NOT NULL,
    holiday_name TEXT NOT NULL,
    source_text TEXT NOT NULL,
    trust TEXT NOT NULL,
    added_at TIMESTAMP NOT NULL,
    added_by TEXT NOT NULL,
    removed_at TIMESTAMP,
    removed_by TEXT NOT NULL,
    removal_reason TEXT NOT NULL
);

-- Every day of the years whose arrangement is published, for the workspace's region and for the nation (''). ordinal
-- counts the working days up to and including the day; next_ordinal is that of the first working day on or after it.
-- day_note says why a weekday is free or a weekend day is worked.
CREATE TABLE working_day (
    region_code TEXT NOT NULL,
    calendar_day DATE NOT NULL,
    ordinal INTEGER NOT NULL,
    next_ordinal INTEGER NOT NULL,
    is_working BOOLEAN NOT NULL,
    day_note TEXT NOT NULL
);

-- When the office closes, from a day on; a row is never overwritten. Of the rows whose day has come the latest day
-- holds, and of the rows of one day the newest. closes_at is a time of day (19:30), empty where a day ends at 24:00.
CREATE TABLE office_hours (
    hours_no INTEGER PRIMARY KEY,
    closes_from_on DATE NOT NULL,
    closes_at TEXT NOT NULL,
    source_text TEXT NOT NULL,
    added_at TIMESTAMP NOT NULL,
    added_by TEXT NOT NULL
);

-- The day on which a moment counts for a clock: what happens after the office has closed counts as the next day. A
-- moment before the first row ends with its day, at 24:00.
CREATE MACRO clock_day(moment) AS
    CAST(moment AS DATE) + CASE
        WHEN CAST(moment AS TIME) > (
            SELECT CAST(NULLIF(MAX_BY(h.closes_at, (h.closes_from_on, h.hours_no)), '') AS TIME)
            FROM office_hours AS h
            WHERE h.closes_from_on <= CAST(moment AS DATE)
        ) THEN 1
        ELSE 0
    END;

-- Whose person recorded a step: a unit for itself, or the prefecture for it (''). Older steps have it from the log.
ALTER TABLE receipt ADD COLUMN actor_recipient_id TEXT DEFAULT '';

UPDATE receipt
SET actor_recipient_id = l.actor_recipient_id
FROM audit_log AS l
WHERE
    l.action_name = 'record_receipt'
    AND l.subject_text = receipt.document_number || ' ' || receipt.recipient_id
    AND l.happened_at = receipt.recorded_at
    AND l.actor_name = receipt.recorded_by
    AND l.actor_recipient_id = receipt.recipient_id;
