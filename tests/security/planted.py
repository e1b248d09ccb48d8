"""The demonstration with hostile words in every field that people or files fill in."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from dashboard.workspace import STORE_NAME
from data.store import Store
from tests.builders import NUMBER, ROUND, SUBMITTED_AT, demo_folder
from tests.security.payloads import CORPUS

# Every text column of the store is one of these: what a person or a file says, …
FREE = frozenset({
    "person_name", "created_by", "evidence_text", "deviation_reason", "improvement_measure", "place_text",
    "printed_text", "source_document", "row_name", "printed_name", "parent_name", "table_title", "unit_text",
    "factor_text", "consequence_reason", "decided_by", "lift_reason", "lifted_by", "corrected_text",
    "correction_reason", "corrected_by", "left_text", "right_text", "left_place_text", "right_place_text",
    "note_text", "noted_by", "file_name", "loaded_by", "ended_by", "end_reason", "sentence_text", "source_text",
    "change_reason", "adopted_by", "added_by", "removed_by", "indicator_name", "short_name", "numerator_label",
    "denominator_label", "target_text", "question_text", "fact_text", "opened_by", "dismissal_reason",
    "dismissed_by", "words_text", "measure_text", "gap_text", "owner_name", "paper_text", "done_by",
    "changed_by", "title_text", "closing_text", "sent_to_text", "fault_text", "entered_by", "title", "issuer",
    "fund_name", "published_by", "what_text", "counted_from_text", "value_text", "read_text", "line_text",
    "voucher_no", "payee_text", "reason_text", "recorded_by", "received_by", "holiday_name", "removal_reason",
    "filled_by", "submitted_by", "statement_text", "saved_by", "event_reason", "review_reason", "reviewed_by",
    "round_name", "subject_text", "profile_name", "kind_reason", "approval_text", "annual_objective",
    "check_reason", "checked_by", "recipient_name", "token_name", "actor_name", "origin_text", "column_name",
})
# … and what the program itself writes: keys, names of states, hashes, numbers, JSON.
CODES = frozenset({
    "account_id", "role", "recipient_id", "password_hash", "totp_secret", "oidc_subject", "report_id",
    "document_number", "round_id", "column_role", "identity_kind", "row_kind", "allotment_key",
    "upper_document_number", "budget_item_code", "marker_text", "idempotency_key", "request_sha256",
    "answer_json", "token_id", "token_sha256", "scopes_text", "actor_role", "action_name", "detail_json",
    "previous_hash", "entry_hash", "actor_recipient_id", "aid_kind", "consequence_kind", "legal_keys",
    "file_sha256", "field_name", "record_kind", "difference_kind", "left_source", "right_source", "system_name",
    "mapping_key", "row_word", "fault_code", "head_text", "word_text", "row_outcome", "dimension", "measure",
    "entry_kind", "rollup_method", "rule_key", "facts_key", "inquiry_step", "inquiry_state", "judgement",
    "done_role", "rule_decision", "limit_key", "message_kind", "receiver_key", "channel_key", "cause_key",
    "lines_json", "keys_json", "message_state", "mail_address", "direct_fund_marker", "cited_number",
    "finding_code", "severity", "closes_at", "payment_key", "payee_kind", "purpose_word", "payout_key",
    "channel", "payout_state", "stop_word", "receipt_step", "recipient_kind", "division_code", "region_code",
    "trust", "cells_json", "base_report_id", "report_state", "rule_version", "step_name", "scored_kind",
    "state", "link_sha256", "target_kind", "target_unit", "verdict", "evidence_nos_text", "session_sha256",
    "address_text", "day_note", "setting_key", "setting_value",
})
# Where the program reads a state from whether there is a text at all, or looks a text up.
KEPT = frozenset({
    ("docking_field", "unit_text"), ("docking_word", "value_text"), ("sign_in_failure", "subject_text"),
    ("allocation_table", "unit_text"), ("indicator", "unit_text"),
})
STATES = frozenset({"removed_by", "ended_by", "end_reason", "removal_reason", "lifted_by", "lift_reason", "gap_text"})


def text_columns(store: Store) -> list[tuple[str, str]]:
    """Every text column of the store, by table."""
    with store.reading() as cursor:
        return [(row["table_name"], row["column_name"]) for row in cursor.rows(
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables "
            "USING (table_name) WHERE table_type = 'BASE TABLE' AND data_type = 'VARCHAR' ORDER BY ALL"
        )]


def planted_folder(folder: Path) -> Path:
    """A copy of the demonstration, planted."""
    made = Path(shutil.copytree(demo_folder(), folder / "planted"))
    plant(made)
    return made


def plant(folder: Path, corpus: str = CORPUS) -> None:
    """Put the hostile words behind what every field of a demonstration says."""
    store = Store(folder / STORE_NAME)
    try:
        columns = text_columns(store)
        with store.transaction() as cursor:
            _add_what_the_demonstration_lacks(cursor)
            for table, column in columns:
                if column in FREE and (table, column) not in KEPT:
                    filled = f"AND {column} <> ''" if column in STATES else ""
                    if (table, column) == ("notice_field", "value_text"):     # amounts there are numbers
                        filled = "AND field_name NOT LIKE '%amount%'"
                    cursor.run(
                        f"UPDATE {table} SET {column} = {column} || ' ' || $corpus WHERE {column} IS NOT NULL {filled}",
                        {"corpus": corpus},
                    )
            cursor.run(
                "UPDATE workspace_setting SET setting_value = setting_value || $corpus "
                "WHERE setting_key = 'bureau_name'", {"corpus": corpus},
            )
            for row in cursor.rows("SELECT entry_no, detail_json FROM audit_log"):
                detail = {**json.loads(row["detail_json"]), "reason": corpus, "file": corpus}
                cursor.run("UPDATE audit_log SET detail_json = $detail WHERE entry_no = $no", {
                    "detail": json.dumps(detail, ensure_ascii=False), "no": row["entry_no"],
                })
    finally:
        store.close()


def _add_what_the_demonstration_lacks(cursor: Any) -> None:
    """One row of each kind that the demonstration has none of and pages show."""
    sha256 = cursor.rows("SELECT file_sha256 FROM received_file LIMIT 1")[0]["file_sha256"]
    cursor.insert("evidence_file", [{
        "evidence_no": 1, "document_number": NUMBER, "round_id": ROUND, "recipient_id": "luntai", "indicator_no": 0,
        "file_name": "a.pdf", "file_sha256": sha256, "added_at": SUBMITTED_AT, "added_by": "某人", "removed_at": None,
        "removed_by": "",
    }])
    cursor.insert("difference_note", [
        {"note_no": row["difference_no"], "difference_no": row["difference_no"], "note_text": "说明",
         "noted_at": SUBMITTED_AT, "noted_by": "某人"}
        for row in cursor.rows("SELECT difference_no FROM difference LIMIT 3")
    ])
    export_no = cursor.rows("SELECT MIN(export_no) AS n FROM docked_export")[0]["n"]
    cursor.insert("docked_reject", [{
        "export_no": export_no, "line_no": 9, "fault_code": "no-amount", "place_text": "第9行",
        "sentence_text": "没有金额",
    }])
    cursor.run("UPDATE docked_export SET rejected_count = 1 WHERE export_no = $n", {"n": export_no})
    cursor.insert("rate_reason", [{
        "reason_no": 1, "document_number": NUMBER, "recipient_id": "luntai", "reason_text": "结转",
        "explained_yuan": 99_000_000, "entered_at": SUBMITTED_AT, "entered_by": "某人",
    }])
    cursor.insert("limit_value", [{
        "limit_no": 1, "limit_key": "inquiry_answer_days", "set_value": 5, "effective_on": datetime(2021, 12, 1).date(),
        "change_reason": "试用", "entered_at": SUBMITTED_AT, "entered_by": "某人",
    }])
    cursor.insert("api_token", [{
        "token_id": "0a1b2c3d", "token_sha256": "0" * 64, "token_name": "某系统", "account_id": "shebaoke",
        "scopes_text": "read", "created_at": datetime(2026, 1, 1), "created_by": "某人",
        "expires_at": datetime(2099, 1, 1), "revoked_at": None,
    }])
