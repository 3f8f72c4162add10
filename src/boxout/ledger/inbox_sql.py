"""The ledger's statements on messages, on answers that were given, and on runs."""

from typing import Final

# Another message that nobody has begun with and that means the same is answered by the same work.
RECEIVE: Final = """
INSERT INTO message (message, meaning, first, last, selected, object, trace, body, rejected,
                     promised, received_at, deliveries, run, same_as)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1, '',
        CASE WHEN ?9 = '' THEN (
          SELECT number FROM message
          WHERE meaning = ?2 AND answered_at IS NULL AND rejected = '' AND same_as IS NULL
            AND taken_at IS NULL
          ORDER BY number LIMIT 1) END)
ON CONFLICT (message) DO UPDATE SET deliveries = message.deliveries + 1
"""

_ALL: Final = """
SELECT m.message, m.meaning, m.first, m.last, m.selected, m.object, m.trace, m.body, m.rejected,
       m.promised, m.number, m.received_at, m.deliveries, m.same_as,
       coalesce(o.taken_at, m.taken_at), coalesce(o.answered_at, m.answered_at),
       coalesce(o.run, m.run), m.seen_at
FROM message m LEFT JOIN message o ON o.number = m.same_as
"""
RECEIVED: Final = f"{_ALL} WHERE m.message IN (SELECT value FROM json_each(?))"
MESSAGE: Final = f"{_ALL} WHERE m.number = ?"
PROMISED: Final = f"{_ALL} WHERE m.promised = ? AND m.promised <> '' LIMIT 1"
MESSAGES: Final = f"""{_ALL}
WHERE m.number < ?1 AND ((m.rejected <> '') = ?2 OR ?2 IS NULL) ORDER BY m.number DESC LIMIT ?3
"""
OPEN: Final = f"""{_ALL}
WHERE m.answered_at IS NULL AND m.rejected = '' AND m.same_as IS NULL AND m.taken_at IS NULL
ORDER BY m.number LIMIT ?
"""

TAKE: Final = "UPDATE message SET taken_at = ? WHERE number IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"
GIVE_BACK: Final = """
UPDATE message SET taken_at = NULL
WHERE answered_at IS NULL
  AND (number IN (SELECT CAST(value AS BIGINT) FROM json_each(?1)) OR ?1 IS NULL)
"""
REJECT: Final = """
UPDATE message SET rejected = ?2
WHERE answered_at IS NULL
  AND coalesce(same_as, number) IN (SELECT CAST(value AS BIGINT) FROM json_each(?1))
"""
ANSWER: Final = """
UPDATE message SET answered_at = ?, run = ? WHERE number IN (SELECT CAST(value AS BIGINT) FROM json_each(?))
"""
SEE: Final = """
UPDATE message SET seen_at = ?
WHERE rejected <> '' AND seen_at IS NULL AND number IN (SELECT CAST(value AS BIGINT) FROM json_each(?))
"""

# What is not answered stays, and what was rejected stays until somebody has seen it; so does
# whatever another message that stays is answered with.
PRUNE: Final = """
DELETE FROM message WHERE received_at < ?1
  AND (rejected = '' OR seen_at IS NOT NULL)
  AND (rejected <> '' OR same_as IS NOT NULL OR answered_at IS NOT NULL)
  AND NOT EXISTS (
    SELECT 1 FROM message o
    WHERE o.number = message.same_as AND o.answered_at IS NULL AND message.rejected = '')
  AND number NOT IN (SELECT same_as FROM message WHERE same_as IS NOT NULL AND received_at >= ?1)
"""
PRUNE_ANSWERS: Final = "DELETE FROM answer_kept WHERE at < ?"

KEPT_ANSWER: Final = "SELECT asked, status, body FROM answer_kept WHERE key = ?"
BEGIN_ANSWER: Final = (
    "INSERT INTO answer_kept (key, asked, at, status, body) VALUES (?, ?, ?, NULL, '')"
)
KEEP_ANSWER: Final = "UPDATE answer_kept SET status = ?, body = ? WHERE key = ?"
FORGET_ANSWER: Final = "DELETE FROM answer_kept WHERE key = ? AND status IS NULL"

RUNS: Final = """
SELECT run, request, began_at, ended_at, summary FROM run
WHERE (began_at, run) < (SELECT began_at, run FROM run WHERE run = ?1) OR ?1 IS NULL
ORDER BY began_at DESC, run DESC LIMIT ?2
"""
ONE_RUN: Final = "SELECT run, request, began_at, ended_at, summary FROM run WHERE run = ?"
