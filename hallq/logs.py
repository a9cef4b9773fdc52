"""Where log lines go: stderr, one fact a line; stdout belongs to what was asked for. Tracebacks never show variables,
since among those are passwords and names."""

from __future__ import annotations

import logging
import sys

import structlog


def configure(level: str) -> None:
    """`level`: ERROR for single commands, INFO for a hub, DEBUG with every decoded frame (logger hallq.wire)."""
    renderer = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=False),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(
        stream=sys.stderr, level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True
    )
    logging.getLogger("asyncio").setLevel(logging.WARNING)  # its debug lines name every selector
    for library in ("httpx", "httpcore", "websockets"):  # theirs hold addresses with secrets, and tokens
        logging.getLogger(library).setLevel(logging.WARNING)
