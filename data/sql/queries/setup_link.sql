-- query:  setup_link
-- asks:   until when a link to the first start holds
-- grain:  one row, or none
-- unit:   none; moment in UTC
-- params: $link_sha256
SELECT expires_at
FROM setup_link
WHERE link_sha256 = $link_sha256;
