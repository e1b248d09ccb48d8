-- query:  deadline_step
-- asks:   which step a printed time limit asks for, guessed from its words
-- grain:  one row per row of printed_limit
-- unit:   none
-- params: none; reads printed_limit (document_number, deadline_no, what_text, working_day_count)
-- rule:   the first word of the table that the limit's words hold; none of them: 办结. The first limit in working
--         days is the import clock, whatever its words; several limits of one step are numbered: reported-2
WITH step_word AS (
    SELECT *
    FROM (
        VALUES
        (1, '导入', 'imported'),
        (2, '报送', 'reported'), (3, '上报', 'reported'), (4, '报告', 'reported'), (5, '备案', 'reported'),
        (6, '反馈', 'reported'), (7, '提交', 'reported'), (8, '函告', 'reported'), (9, '填报', 'reported'),
        (10, '答复', 'answered'), (11, '回复', 'answered'),
        (12, '标识', 'marked'),
        (13, '登录', 'registered'), (14, '登记', 'registered'), (15, '录入', 'registered'),
        (16, '拨付', 'paid'), (17, '支付', 'paid'), (18, '发放', 'paid'), (19, '兑付', 'paid'),
        (20, '到位', 'paid'), (21, '支出', 'paid'),
        (22, '下达', 'allocated'), (23, '分配', 'allocated'), (24, '分解', 'allocated'), (25, '细化', 'allocated'),
        (26, '公示', 'published'), (27, '公开', 'published'),
        (28, '报', 'reported')
    ) AS w (place, word, step)
),

named AS (
    SELECT
        d.document_number,
        d.deadline_no,
        MIN(w.place) AS place
    FROM printed_limit AS d
    JOIN step_word AS w ON d.what_text LIKE CONCAT('%', w.word, '%')
    GROUP BY d.document_number, d.deadline_no
),

guessed AS (
    SELECT
        d.document_number,
        d.deadline_no,
        COALESCE(d.deadline_no = f.deadline_no, FALSE) AS is_scored,
        COALESCE(d.deadline_no = f.deadline_no, FALSE)
        OR d.working_day_count IS NOT NULL AND COALESCE(w.step, '') = 'imported' AS is_import_limit,
        COALESCE(w.step, 'finished') AS step
    FROM printed_limit AS d
    LEFT JOIN (
        SELECT
            document_number,
            MIN(deadline_no) AS deadline_no
        FROM printed_limit
        WHERE working_day_count IS NOT NULL
        GROUP BY document_number
    ) AS f ON f.document_number = d.document_number
    LEFT JOIN named AS n ON n.document_number = d.document_number AND n.deadline_no = d.deadline_no
    LEFT JOIN step_word AS w ON w.place = n.place
),

numbered AS (
    SELECT
        g.document_number,
        g.deadline_no,
        g.is_scored,
        g.is_import_limit,
        g.step,
        COUNT(e.deadline_no) AS earlier_count
    FROM guessed AS g
    LEFT JOIN guessed AS e
        ON e.document_number = g.document_number
        AND e.step = g.step
        AND NOT e.is_import_limit
        AND e.deadline_no < g.deadline_no
    GROUP BY g.document_number, g.deadline_no, g.is_scored, g.is_import_limit, g.step
)

SELECT
    document_number,
    deadline_no,
    is_scored,
    is_import_limit,
    CASE
        WHEN is_import_limit THEN 'imported'
        WHEN earlier_count = 0 OR step IN ('registered', 'marked', 'imported') THEN step
        ELSE CONCAT(step, '-', CAST(earlier_count + 1 AS VARCHAR(10)))
    END AS step
FROM numbered;
