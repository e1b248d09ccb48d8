-- write:  keep_setting
-- does:   puts one setting of the workspace to a value
-- grain:  one row per setting
-- unit:   none
-- params: $setting_key, $setting_value
INSERT INTO workspace_setting
VALUES ($setting_key, $setting_value)
ON CONFLICT (setting_key) DO UPDATE SET setting_value = excluded.setting_value;
