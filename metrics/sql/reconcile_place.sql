-- query:  reconcile_place
-- asks:   where in the files the lines of each difference stand, in words
-- grain:  one row per part_no and system
-- unit:   none
-- params: none; reads told_line (part_no, difference_kind, system_name, file_name, line_no)
-- rule:   at most three lines are named; a file is named again only where it changes
WITH ranked AS (
    SELECT
        part_no,
        difference_kind,
        system_name,
        file_name,
        line_no,
        ROW_NUMBER() OVER (PARTITION BY part_no, difference_kind, system_name ORDER BY file_name, line_no) AS place_no,
        LAG(file_name) OVER (PARTITION BY part_no, difference_kind, system_name ORDER BY file_name, line_no)
            AS earlier_name,
        COUNT(*) OVER (PARTITION BY part_no, difference_kind, system_name) AS line_count
    FROM told_line
),

worded AS (
    SELECT
        ranked.*,
        CONCAT(
            CASE WHEN place_no > 1 THEN '、' ELSE '' END,
            CASE WHEN earlier_name = file_name THEN '' ELSE CONCAT('《', file_name, '》') END,
            '第 ', CAST(line_no AS VARCHAR(20)), ' 行'
        ) AS place_text
    FROM ranked
    WHERE place_no <= 3
)

SELECT
    part_no,
    difference_kind,
    system_name,
    CONCAT(
        MAX(CASE WHEN place_no = 1 THEN place_text ELSE '' END),
        MAX(CASE WHEN place_no = 2 THEN place_text ELSE '' END),
        MAX(CASE WHEN place_no = 3 THEN place_text ELSE '' END),
        CASE WHEN MAX(line_count) > 3 THEN CONCAT('等 ', CAST(MAX(line_count) AS VARCHAR(20)), ' 行') ELSE '' END
    ) AS place_text
FROM worded
GROUP BY part_no, difference_kind, system_name;
