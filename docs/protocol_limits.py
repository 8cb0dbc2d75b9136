"""Every limit of the protocol, out of the constants that hold it."""

from __future__ import annotations

from sync import calls, envelopes, fetch, jws, messages, pace, report, restore, schema, stamps
from sync.central import journal, kiosk_api, manifests, problems

MINUTE_MS, DAY_MS = 60_000, 86_400_000
LIMITS: tuple[tuple[str, float, str], ...] = (
    ("sealed manifest, and its inner JWS", messages.MAX_MANIFEST_BYTES, "bytes"),
    ("header of a JWE", envelopes.MAX_OUTER_HEADER_BYTES, "bytes of base64url"),
    ("header of a JWS", jws.MAX_HEADER_BYTES, "bytes of base64url"),
    ("statement", messages.MAX_STATEMENT_BYTES, "bytes"),
    ("`Hoso-Request`", stamps.MAX_REQUEST_JWS_BYTES, "bytes"),
    ("`Hoso-Stamp`", stamps.MAX_STAMP_CHARACTERS, "characters"),
    ("a stamp is good for", stamps.STAMP_GOOD_MS // MINUTE_MS, "minutes either way"),
    ("body of a request", problems.MAX_BODY_BYTES, "bytes"),
    ("rows in one `POST /journal`, at most", journal.MOST_ROWS, ""),
    ("rows that `kiosk sync` sends at once", report.BATCH_ROWS, ""),
    ("bytes that `kiosk sync` sends at once", report.BATCH_BYTES, "(one row whatever its size)"),
    ("rows in one answer of `GET /journal`", kiosk_api.OWN_ROWS, ""),
    ("bytes of rows in one such answer", kiosk_api.OWN_BYTES, "(one row whatever its size)"),
    ("answer of that call", restore.MOST_BYTES, "bytes"),
    ("rows in one `offer_statements`", restore.MOST_ROWS, ""),
    ("health snapshot", kiosk_api.MAX_HEALTH_BYTES, "bytes"),
    ("health every", report.HEALTH_S, "s"),
    ("`wait` of a long poll", kiosk_api.MOST_WAIT_S, "s"),
    ("connection, then answer", calls.CONNECT_S, f"s, {calls.ANSWER_S:g} s and `wait`"),
    ("answer in JSON", calls.MAX_JSON_BYTES, "bytes"),
    ("shortest pause after a failure", pace.SHORTEST_S, "s"),
    ("a refused manifest is asked for again after", fetch.AFTER_REFUSED, "polls"),
    ("rows kept aside per kiosk", journal.MOST_ASIDE, ""),
    ("bytes of them", journal.MOST_ASIDE_BYTES, ""),
    ("a head overtaken by a report", manifests.OVERTAKEN_MS // 1000, "s"),
    ("a collected result stays listed", manifests.AFTER_COLLECTED_MS // DAY_MS, "day"),
    ("a revoked result stays listed", manifests.AFTER_REVOKED_MS // DAY_MS, "days"),
    ("work of a PIN: n × r", schema.MOST_PIN_WORK, ""),
)
