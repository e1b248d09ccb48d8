-- step:  008
-- keeps: who has put the first-use tour away, so that a second machine does not show it again
-- unit:  none

-- A row is an account whose tour is put away; to begin the tour again takes the row away.
CREATE TABLE closed_tour (
    account_id TEXT PRIMARY KEY,
    tour_closed_at TIMESTAMP NOT NULL
);
