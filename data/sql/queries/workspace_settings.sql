-- query:  workspace_settings
-- asks:   what the workspace says of itself
-- grain:  one row per setting
-- unit:   none
-- params: none
SELECT
    setting_key,
    setting_value
FROM workspace_setting
ORDER BY setting_key;
