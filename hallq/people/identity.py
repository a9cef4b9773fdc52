"""Who is asking and what that role may do. Pure: CONTRACT of the doors, read by the web and by the pads alike."""

from __future__ import annotations

from dataclasses import dataclass

PERSON_ROLES = ("clerk", "guide", "chief", "office", "leader", "auditor", "admin")
DEVICE_ROLES = ("kiosk", "pad-citizen", "pad-clerk", "board", "screen", "api", "relay")

_READ = frozenset({"view.board", "view.screen", "view.guide", "view.office", "records", "devices.read", "metrics"})
_OFFICE = _READ | {
    "people", "pairing", "devices", "catalogue", "notices", "personal", "export",
    "book", "forms", "approve", "posts", "choose", "tickets.take", "tickets.all", "emergency", "peak", "calendar",
    "settle", "cases", "complain", "rate.assist", "patrol", "findings", "score", "bulletins", "standards", "files",
    "items", "outcomes", "registers", "screens",
}  # fmt: skip

# what a role may do; `verbs` and `rate` only at its own window, `record.own` only of oneself
PERMISSIONS: dict[str, frozenset[str]] = {
    "anonymous": frozenset(),
    "kiosk": frozenset({"tickets.take", "tickets.own", "slips", "help", "view.kiosk", "rate.code", "complain"}),
    "pad-citizen": frozenset({"rate", "help", "view.pad-citizen"}),
    "pad-clerk": frozenset({"verbs", "help", "view.pad-clerk"}),
    "board": frozenset({"view.board"}),
    "screen": frozenset({"view.screen"}),
    "api": frozenset({"book", "tickets.take", "tickets.own", "view.screen", "view.board", "metrics", "approval"}),
    "relay": frozenset({"relay"}),
    "clerk": frozenset({"verbs", "help", "record.own", "appeal", "files", "view.window"}),
    "guide": frozenset({
        "book", "tickets.take", "tickets.all", "notices", "emergency", "view.guide", "view.screen", "rate.assist",
        "complain", "record.own", "appeal", "files", "registers",
    }),
    "chief": frozenset({
        "department", "choose", "record.own", "appeal", "forms", "findings", "files", "outcomes", "view.board",
        "view.guide", "view.office", "view.window",
    }),
    "office": _OFFICE,
    "leader": _READ,
    "auditor": _READ | {"personal", "export", "verify"},
    "admin": _OFFICE | {"tokens", "backup", "settings", "verify"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Identity:
    kind: str  # person token device anonymous
    role: str
    id: int | None = None
    name: str = ""
    place: str = ""  # a token's: a kiosk's id, a window's number, a zone
    window: str | None = None  # a person's home window
    department: str | None = None
    may_choose: bool = False  # given by the office: to call and place people out of order, with a reason
    must_change: bool = False  # signed in with a one-time password: may only change it

    @property
    def actor(self) -> str:
        """`person:7`, `token:3`, `device:pad-3`, `anonymous`: the journal's name, and the one that live sockets are cut
        off by."""
        which = self.name if self.kind == "device" else self.id
        return self.kind if which is None else f"{self.kind}:{which}"

    def may(self, permission: str) -> bool:
        return not self.must_change and permission in PERMISSIONS[self.role]


ANONYMOUS = Identity("anonymous", "anonymous")
