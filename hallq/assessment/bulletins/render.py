"""`python -m hallq.assessment.bulletins.render pdf`: a paper as JSON on stdin, the file on stdout.

A process of its own: printing a month takes seconds of computing, and calling the next citizen must not wait for it.
Exit code 3: a library or a system package is missing, and stderr says in one line which.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from hallq.assessment.bulletins import page, word

FORMS: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], bytes]]] = {  # media type, how it is made
    "pdf": ("application/pdf", page.pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", word.docx),
}
MISSING = 3


def main(form: str) -> int:
    os.nice(5)
    try:
        made = FORMS[form][1](orjson.loads(sys.stdin.buffer.read()))
    except (ImportError, OSError) as error:
        print(_needed(form, error), file=sys.stderr)
        return MISSING
    sys.stdout.buffer.write(made)
    return 0


def _needed(form: str, error: Exception) -> str:
    if form == "pdf":
        packages = "libpangoft2-1.0-0 libharfbuzz-subset0"
        return f"PDF needs WeasyPrint and Pango: apt-get install {packages} ({_first(error)})"
    return f"Word needs python-docx ({_first(error)})"


def _first(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
