-- query:  report_draft
-- asks:   what one unit has typed for one round and not yet submitted
-- grain:  one row if there is a draft
-- unit:   none
-- params: $notice_key, $round_id, $recipient_id
SELECT
    draft_no,
    cells_json,
    file_name,
    file_sha256,
    base_report_id,
    saved_at,
    saved_by
FROM report_draft
WHERE notice_key = $notice_key AND round_id = $round_id AND recipient_id = $recipient_id;
