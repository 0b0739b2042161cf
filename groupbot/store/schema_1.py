"""The first schema, as statements. `{id}` and `{int}` are filled per database; never edit this file once released.

Instants are integer UTC microseconds, platform ids are text, JSON is text. Texts that a platform may not give are ''.
"""

from __future__ import annotations

STATEMENTS = (
    # -- people and groups ---------------------------------------------------------------------------------------------
    """CREATE TABLE person(
        id {id}, jurisdiction_id TEXT NOT NULL, name TEXT NOT NULL, called TEXT NOT NULL, language TEXT NOT NULL,
        created_at {int} NOT NULL, welcomed_at {int}, erased_at {int})""",
    """CREATE TABLE identity(
        id {id}, platform TEXT NOT NULL, user_id TEXT NOT NULL, person_id {int} NOT NULL REFERENCES person(id),
        display_name TEXT NOT NULL, bound_at {int} NOT NULL, unbound_at {int}, UNIQUE(platform, user_id))""",
    """CREATE TABLE role_grant(
        id {id}, jurisdiction_id TEXT NOT NULL, person_id {int} NOT NULL REFERENCES person(id), role TEXT NOT NULL,
        service_code TEXT NOT NULL, ward TEXT NOT NULL, sub_county TEXT NOT NULL, granted_from {int} NOT NULL,
        granted_until {int}, acting_for {int} REFERENCES person(id), granted_by {int} REFERENCES person(id),
        confirmed_by {int} REFERENCES person(id))""",
    "CREATE INDEX role_grant_person ON role_grant(person_id)",
    """CREATE TABLE invite(
        id {id}, jurisdiction_id TEXT NOT NULL, code_hash TEXT NOT NULL UNIQUE, role TEXT NOT NULL,
        service_code TEXT NOT NULL, ward TEXT NOT NULL, sub_county TEXT NOT NULL, name TEXT NOT NULL,
        granted_until {int}, hand_over {int} NOT NULL, created_by {int} REFERENCES person(id),
        created_at {int} NOT NULL, expires_at {int} NOT NULL, used_by {int} REFERENCES person(id), used_at {int},
        confirmed_by {int} REFERENCES person(id))""",
    """CREATE TABLE service_group(
        id {id}, jurisdiction_id TEXT NOT NULL, kind TEXT NOT NULL, service_code TEXT NOT NULL, pilot TEXT NOT NULL,
        UNIQUE(jurisdiction_id, kind, service_code))""",
    """CREATE TABLE chat(
        id {id}, platform TEXT NOT NULL, chat_id TEXT NOT NULL, service_group_id {int} REFERENCES service_group(id),
        person_id {int} REFERENCES person(id), title TEXT NOT NULL, language TEXT NOT NULL, state TEXT NOT NULL,
        bound_at {int} NOT NULL, unbound_at {int}, moved_to {int} REFERENCES chat(id), UNIQUE(platform, chat_id))""",
    "CREATE TABLE roster_version(jurisdiction_id TEXT PRIMARY KEY, version {int} NOT NULL)",
    # -- what came in --------------------------------------------------------------------------------------------------
    """CREATE TABLE inbox(
        id {id}, platform TEXT NOT NULL, chat_id TEXT NOT NULL, message_id TEXT NOT NULL, revision TEXT NOT NULL,
        update_id TEXT NOT NULL, kind TEXT NOT NULL, sender_id TEXT NOT NULL, raw TEXT NOT NULL, source TEXT NOT NULL,
        sent_at {int} NOT NULL, received_at {int} NOT NULL, state TEXT NOT NULL, attempts {int} NOT NULL,
        error TEXT NOT NULL, UNIQUE(platform, chat_id, message_id, revision))""",
    "CREATE INDEX inbox_waiting ON inbox(id) WHERE state = 'waiting'",
    "CREATE INDEX inbox_parked ON inbox(id) WHERE state = 'parked'",
    """CREATE TABLE platform_cursor(
        platform TEXT NOT NULL, stream TEXT NOT NULL, value TEXT NOT NULL, updated_at {int} NOT NULL,
        PRIMARY KEY(platform, stream))""",
    """CREATE TABLE platform_gap(
        id {id}, platform TEXT NOT NULL, chat_id TEXT NOT NULL, from_cursor TEXT NOT NULL, stop_cursor TEXT NOT NULL,
        opened_at {int} NOT NULL, closed_at {int})""",
    """CREATE TABLE attachment(
        id {id}, platform TEXT NOT NULL, chat_id TEXT NOT NULL, message_id TEXT NOT NULL, album_id TEXT NOT NULL,
        kind TEXT NOT NULL, file_id TEXT NOT NULL, name TEXT NOT NULL, size {int} NOT NULL, sender_id TEXT NOT NULL,
        sent_at {int} NOT NULL, request_id {int}, draft_id {int})""",
    "CREATE INDEX attachment_message ON attachment(platform, chat_id, message_id)",
    "CREATE INDEX attachment_loose ON attachment(platform, chat_id, sender_id) WHERE request_id IS NULL",
    # -- requests ------------------------------------------------------------------------------------------------------
    """CREATE TABLE counter(
        jurisdiction_id TEXT NOT NULL, series TEXT NOT NULL, year {int} NOT NULL, value {int} NOT NULL,
        PRIMARY KEY(jurisdiction_id, series, year))""",
    """CREATE TABLE request(
        id {id}, jurisdiction_id TEXT NOT NULL, service_request_id TEXT NOT NULL, service_code TEXT NOT NULL,
        kind TEXT NOT NULL, topic TEXT NOT NULL, route TEXT NOT NULL, ward TEXT NOT NULL, address TEXT NOT NULL,
        description TEXT NOT NULL, fingerprint TEXT NOT NULL, priority TEXT NOT NULL, original_priority TEXT NOT NULL,
        language TEXT NOT NULL, state TEXT NOT NULL, outcome TEXT NOT NULL, outcome_detail TEXT NOT NULL,
        word TEXT NOT NULL, word_source TEXT NOT NULL, status_notes TEXT NOT NULL,
        requested_datetime {int} NOT NULL, updated_datetime {int} NOT NULL, received_at {int} NOT NULL,
        acknowledge_due {int}, expected_datetime {int}, original_expected_datetime {int},
        next_word_at {int}, next_word_named {int} NOT NULL, done_by {int}, word_due {int},
        told_at {int}, acknowledged_at {int}, answered_at {int}, closed_at {int}, made_safe_at {int},
        answers {int} NOT NULL, reopenings {int} NOT NULL, extensions {int} NOT NULL, word_asks {int} NOT NULL,
        first_answer_held {int}, escalation_step {int} NOT NULL, nags {int} NOT NULL, next_nag_at {int},
        paused_until {int}, pause_reason TEXT NOT NULL, paused_by {int} REFERENCES person(id),
        poster_id {int} REFERENCES person(id), officer_id {int} REFERENCES person(id),
        opened_under {int} REFERENCES person(id), duplicate_of {int}, moved_from TEXT NOT NULL,
        platform TEXT NOT NULL, chat_id TEXT NOT NULL, message_id TEXT NOT NULL, part {int} NOT NULL,
        source TEXT NOT NULL, pack_version TEXT NOT NULL, version {int} NOT NULL,
        UNIQUE(jurisdiction_id, service_request_id), UNIQUE(platform, chat_id, message_id, part))""",
    "CREATE INDEX request_due ON request(next_nag_at) WHERE next_nag_at IS NOT NULL",
    "CREATE INDEX request_open ON request(jurisdiction_id, service_code, requested_datetime) WHERE state <> 'closed'",
    "CREATE INDEX request_ward ON request(jurisdiction_id, ward, requested_datetime)",
    "CREATE INDEX request_late ON request(jurisdiction_id, expected_datetime) WHERE state <> 'closed'",
    "CREATE INDEX request_report ON request(jurisdiction_id, service_code, state, requested_datetime)",
    "CREATE INDEX request_poster ON request(poster_id, id) WHERE state <> 'closed'",
    """CREATE TABLE contact(
        request_id {int} PRIMARY KEY REFERENCES request(id), reporter_name TEXT NOT NULL,
        reporter_phone TEXT NOT NULL, channel TEXT NOT NULL, erased_at {int})""",
    """CREATE TABLE extension(
        id {id}, request_id {int} NOT NULL REFERENCES request(id), at {int} NOT NULL, due_before {int} NOT NULL,
        due_after {int} NOT NULL, reason TEXT NOT NULL, person_id {int} REFERENCES person(id))""",
    """CREATE TABLE twin(
        request_id {int} NOT NULL REFERENCES request(id), other_id {int} NOT NULL REFERENCES request(id),
        at {int} NOT NULL, person_id {int} REFERENCES person(id), PRIMARY KEY(request_id, other_id))""",
    """CREATE TABLE draft(
        id {id}, jurisdiction_id TEXT NOT NULL, platform TEXT NOT NULL, chat_id TEXT NOT NULL,
        message_id TEXT NOT NULL, person_id {int} REFERENCES person(id), service_code TEXT NOT NULL,
        form TEXT NOT NULL, missing TEXT NOT NULL, kind TEXT NOT NULL, language TEXT NOT NULL, state TEXT NOT NULL,
        sent_at {int} NOT NULL, lapses_at {int} NOT NULL, nudged_at {int}, request_id {int} REFERENCES request(id),
        UNIQUE(platform, chat_id, message_id))""",
    "CREATE INDEX draft_open ON draft(lapses_at) WHERE state = 'open'",
    """CREATE TABLE offer(
        id {id}, token TEXT NOT NULL UNIQUE, act TEXT NOT NULL, params TEXT NOT NULL, request_id {int}, draft_id {int},
        person_id {int} REFERENCES person(id), platform TEXT NOT NULL, chat_id TEXT NOT NULL,
        message_id TEXT NOT NULL, created_at {int} NOT NULL, expires_at {int} NOT NULL, used_at {int})""",
    """CREATE TABLE message_link(
        platform TEXT NOT NULL, chat_id TEXT NOT NULL, message_id TEXT NOT NULL, request_id {int} NOT NULL,
        draft_id {int} NOT NULL, kind TEXT NOT NULL, at {int} NOT NULL,
        PRIMARY KEY(platform, chat_id, message_id, request_id, draft_id))""",
    "CREATE INDEX message_link_request ON message_link(request_id, at)",
    "CREATE INDEX message_link_chat ON message_link(platform, chat_id, at)",
    """CREATE TABLE request_past(
        request_id {int} NOT NULL REFERENCES request(id), version {int} NOT NULL, at {int} NOT NULL, act TEXT NOT NULL,
        person_id {int} REFERENCES person(id), inbox_id {int} NOT NULL, columns TEXT NOT NULL, undone_at {int},
        PRIMARY KEY(request_id, version))""",
    "CREATE INDEX request_past_person ON request_past(person_id, at)",
    """CREATE TABLE nag(
        id {id}, request_id {int} NOT NULL REFERENCES request(id), step {int} NOT NULL, occurrence {int} NOT NULL,
        person_id {int} REFERENCES person(id), reason TEXT NOT NULL, at {int} NOT NULL,
        UNIQUE(request_id, step, occurrence, person_id))""",
    """CREATE TABLE holiday(
        jurisdiction_id TEXT NOT NULL, day TEXT NOT NULL, name TEXT NOT NULL, gazette TEXT NOT NULL,
        person_id {int} REFERENCES person(id), at {int} NOT NULL, PRIMARY KEY(jurisdiction_id, day))""",
    # -- the public record ---------------------------------------------------------------------------------------------
    """CREATE TABLE service_log(
        jurisdiction_id TEXT NOT NULL, seq {int} NOT NULL, epoch {int} NOT NULL, at {int} NOT NULL, type TEXT NOT NULL,
        ref TEXT NOT NULL, service_code TEXT NOT NULL, ward TEXT NOT NULL, role TEXT NOT NULL, state TEXT NOT NULL,
        outcome TEXT NOT NULL, pack_version TEXT NOT NULL, c_public TEXT NOT NULL, c_private TEXT NOT NULL,
        public_text TEXT, public_salt TEXT, private_text TEXT, private_salt TEXT, request_id {int},
        actor_id {int} REFERENCES person(id), inbox_id {int}, PRIMARY KEY(jurisdiction_id, seq))""",
    "CREATE INDEX service_log_request ON service_log(request_id, seq)",
    """CREATE TABLE checkpoint(
        jurisdiction_id TEXT NOT NULL, epoch {int} NOT NULL, tree_size {int} NOT NULL, root TEXT NOT NULL,
        at {int} NOT NULL, PRIMARY KEY(jurisdiction_id, epoch, tree_size))""",
    """CREATE TABLE publication(
        id {id}, request_id {int} NOT NULL REFERENCES request(id), kind TEXT NOT NULL, text TEXT NOT NULL,
        state TEXT NOT NULL, preview_until {int}, decided_by {int} REFERENCES person(id), at {int} NOT NULL)""",
    "CREATE INDEX publication_request ON publication(request_id)",
    """CREATE TABLE moderation_act(
        id {id}, jurisdiction_id TEXT NOT NULL, platform TEXT NOT NULL, chat_id TEXT NOT NULL, user_id TEXT NOT NULL,
        message_id TEXT NOT NULL, finding TEXT NOT NULL, act TEXT NOT NULL, reason TEXT NOT NULL,
        person_id {int} REFERENCES person(id), at {int} NOT NULL, until {int}, undone_at {int},
        dry_run {int} NOT NULL)""",
    # -- what goes out -------------------------------------------------------------------------------------------------
    """CREATE TABLE outbox(
        id {id}, platform TEXT NOT NULL, chat_id TEXT NOT NULL, action TEXT NOT NULL, key TEXT NOT NULL,
        params TEXT NOT NULL, language TEXT NOT NULL, reply_to TEXT NOT NULL, target TEXT NOT NULL,
        buttons TEXT NOT NULL, request_ids TEXT NOT NULL, draft_id {int} NOT NULL, holds TEXT NOT NULL,
        dedup_key TEXT NOT NULL UNIQUE, txn_id TEXT NOT NULL, state TEXT NOT NULL, attempts {int} NOT NULL,
        queued_at {int} NOT NULL, not_before {int} NOT NULL, expires {int}, text TEXT,
        message_id TEXT, sent_at {int}, error TEXT NOT NULL)""",
    "CREATE INDEX outbox_waiting ON outbox(platform, chat_id, id) WHERE state IN ('new', 'sending', 'unknown')",
    "CREATE INDEX outbox_due ON outbox(not_before) WHERE state IN ('new', 'sending', 'unknown')",
    """CREATE TABLE lease(
        name TEXT PRIMARY KEY, holder TEXT NOT NULL, fence {int} NOT NULL, expires_at {int} NOT NULL)""",
    "CREATE TABLE bot_state(name TEXT PRIMARY KEY, value TEXT NOT NULL)",
)
