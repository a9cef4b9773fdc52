"""What must hold in a hall's database whenever nothing writes to it: each rule as a query for rows that break it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from hallq import schema
from hallq.audit.verify import verify
from hallq.store import connect

BROKEN = {
    "a number was given twice": "SELECT day, number FROM ticket GROUP BY day, number HAVING count(*) > 1",
    "a number is above its counter": """
        SELECT ticket.number FROM ticket JOIN service ON service.code = ticket.service
        LEFT JOIN counter ON counter.prefix = service.prefix AND counter.day = ticket.day
        WHERE counter.last IS NULL
            OR CAST(substr(ticket.number, length(service.prefix) + 1) AS INTEGER) > counter.last""",
    "a queue's count is wrong": """
        SELECT service.code, queue_count.waiting, count(ticket.id) FROM service
        LEFT JOIN queue_count ON queue_count.service = service.code
        LEFT JOIN ticket ON ticket.service = service.code AND ticket.state = 'waiting'
        GROUP BY service.code
        HAVING coalesce(max(queue_count.waiting), 0) != count(ticket.id)
            OR coalesce(max(queue_count.green), 0) != coalesce(sum(ticket.green), 0)""",
    "a window's ticket is not at the window": """
        SELECT window.no FROM window LEFT JOIN ticket ON ticket.id = window.ticket
        WHERE window.ticket IS NOT NULL
            AND (ticket.id IS NULL OR ticket.window != window.no OR ticket.state NOT IN ('called', 'serving'))""",
    "a called ticket has no window that knows of it": """
        SELECT ticket.id FROM ticket LEFT JOIN window ON window.ticket = ticket.id
        WHERE ticket.state IN ('called', 'serving') AND window.no IS NULL""",
    "a window and its visit differ": """
        SELECT window.no FROM window LEFT JOIN visit ON visit.id = window.visit
        WHERE (window.ticket IS NULL) != (window.visit IS NULL)
            OR (window.visit IS NOT NULL AND (visit.id IS NULL OR visit.ended_at IS NOT NULL
                OR visit.ticket != window.ticket OR visit.window != window.no))""",
    "an open visit has no window": """
        SELECT visit.id FROM visit LEFT JOIN window ON window.visit = visit.id
        WHERE visit.ended_at IS NULL AND window.no IS NULL""",
    "a visit has no ticket": """
        SELECT visit.id FROM visit LEFT JOIN ticket ON ticket.id = visit.ticket WHERE ticket.id IS NULL""",
    "a finished ticket has not one finished visit": """
        SELECT ticket.id FROM ticket LEFT JOIN visit ON visit.ticket = ticket.id AND visit.end = 'finished'
        WHERE ticket.state = 'finished' GROUP BY ticket.id HAVING count(visit.id) != 1""",
    "a finished visit has not one invitation": """
        SELECT visit.id FROM visit LEFT JOIN invitation ON invitation.visit = visit.id
        WHERE visit.end = 'finished' GROUP BY visit.id HAVING count(invitation.token) != 1""",
    "a rating fits no invitation": """
        SELECT rating.id FROM rating LEFT JOIN invitation ON invitation.token = rating.token
            AND invitation.visit = rating.visit AND invitation.ticket = rating.ticket
            AND invitation.window = rating.window AND invitation.person IS rating.person
        WHERE invitation.token IS NULL""",
    "a visit was rated twice": "SELECT visit FROM rating GROUP BY visit HAVING count(*) > 1",
    "a window and its shift differ": """
        SELECT window.no FROM window LEFT JOIN shift ON shift.window = window.no AND shift.ended_at IS NULL
        WHERE window.shift IS NOT shift.id""",
}


def faults(database: Path) -> list[str]:
    """Everything that is wrong, in words; empty when all is well."""
    connection = connect(database, query_only=True)
    try:
        return list(_faults(connection))
    finally:
        connection.close()


def _faults(connection: sqlite3.Connection) -> Iterator[str]:
    [verdict] = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        yield f"the file is damaged: {verdict}"
    for what, query in BROKEN.items():
        rows = connection.execute(query).fetchall()
        if rows:
            yield f"{what}: {len(rows)} times, first {tuple(rows[0])}"
    found = verify(connection, schema.covered())
    if found is not None:
        yield found
