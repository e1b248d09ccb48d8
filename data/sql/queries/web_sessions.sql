-- query:  web_sessions
-- asks:   which sessions were begun and not ended
-- grain:  one row per session
-- unit:   none; moments in UTC
-- params: none
SELECT
    session_sha256,
    account_id,
    started_at,
    active_at,
    address_text
FROM web_session
ORDER BY started_at, session_sha256;
