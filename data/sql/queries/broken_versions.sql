-- query:  broken_versions
-- asks:   whose reports of a round are not numbered 1, 2, 3 … without a gap or a double
-- grain:  one row per round and recipient
-- unit:   none
-- params: none
SELECT
    document_number || '，' || round_id || '，' || recipient_id || '：有 ' || COUNT(*) || ' 版，编号从 '
    || MIN(report_version) || ' 到 ' || MAX(report_version) AS place_text
FROM report
GROUP BY document_number, round_id, recipient_id
HAVING MIN(report_version) <> 1 OR MAX(report_version) <> COUNT(*) OR COUNT(DISTINCT report_version) <> COUNT(*)
ORDER BY ALL;
