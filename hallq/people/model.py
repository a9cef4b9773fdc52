"""Who may come in: credentials of people, their sessions, tokens of devices and programs, browsers that ask to pair.

Only hashes are stored: argon2 of what people choose, SHA-256 of what is random. None of it enters a log; the journal
holds digests of the hashes, so that a token or a password that was put in beside the hub is found.
"""

from __future__ import annotations

from typing import ClassVar

from sqlmodel import Field, SQLModel


class Credential(SQLModel, table=True):
    __covered__: ClassVar[bool] = True
    __personal__: ClassVar[frozenset[str]] = frozenset({"password_hash", "pin_hash"})
    person: int = Field(primary_key=True)
    password_hash: str | None = Field(default=None, repr=False)  # None: cannot sign in with a password
    pin_hash: str | None = Field(default=None, repr=False)  # for pads, together with the staff number
    one_time: bool = False  # the password must be changed at the next sign-in
    changed_at: int


class Session(SQLModel, table=True):
    """A person's sign-in in one browser."""

    token_hash: str = Field(primary_key=True, repr=False)
    person: int = Field(index=True)
    created: int
    expires: int


class Token(SQLModel, table=True):
    """What a device or a program shows to be let in."""

    __covered__: ClassVar[bool] = True
    __personal__: ClassVar[frozenset[str]] = frozenset({"token_hash"})
    id: int | None = Field(default=None, primary_key=True)
    name: str
    token_hash: str = Field(unique=True, repr=False)
    role: str
    place: str = ""
    created: int
    revoked_at: int | None = None


class Pairing(SQLModel, table=True):
    """A browser that asks to become a device. It alone knows the secret, from which its token is derived."""

    id: int | None = Field(default=None, primary_key=True)
    secret_hash: str = Field(unique=True, repr=False)
    token_hash: str = Field(repr=False)  # of the token that will be, once confirmed
    code: str
    role: str
    place: str = ""
    state: str = "waiting"  # waiting confirmed refused
    asked_at: int
    decided_at: int | None = None
