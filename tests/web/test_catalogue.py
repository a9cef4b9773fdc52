"""The office's editor of the catalogue: what it may change, what it may not, and that all pages follow."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import col, func, select

from hallq.journal import Journal
from hallq.ticketing import commands
from hallq.ticketing.model import Person, Window
from tests.hub import Caller, Hub

ENTRIES = select(func.count()).select_from(Journal)
PASSPORT = {"code": "passport", "name": "护照", "department": "ga", "prefix": "G"}
WINDOW = {"no": "1", "department": "ga", "zone": "1F", "services": ["id"]}
