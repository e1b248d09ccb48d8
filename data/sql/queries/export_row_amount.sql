-- query:  export_row_amount
-- asks:   how much money the rows that can be taken come to
-- grain:  one row
-- unit:   元
-- params: none; reads export_row
SELECT SUM(amount_yuan) AS amount_yuan
FROM export_row
WHERE fault_text = '' AND NOT is_deleted;
