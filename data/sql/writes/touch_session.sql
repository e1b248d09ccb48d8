-- write:  touch_session
-- does:   keeps when a session was last active
-- grain:  one row per session
-- unit:   none; UTC
-- params: $session_sha256, $active_at
UPDATE web_session
SET active_at = $active_at
WHERE session_sha256 = $session_sha256;
