"""The tables: one row for each time that the button was pressed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from common.database import Base


class Phase(StrEnum):
    """The phases of an installation, in order."""

    ASKED = "asked"  # the visitor is at the login service
    ALLOWED = "allowed"  # back with a code
    MAKING = "making"  # the code was good for a token
    BOOTING = "booting"  # the Linode is there
    RUNNING = "running"
    DENIED = "denied"
    FAILED = "failed"


WORK = (Phase.ALLOWED, Phase.MAKING, Phase.BOOTING)
SETTLED = (Phase.RUNNING, Phase.DENIED, Phase.FAILED)


class Install(Base):
    """One press of the button. The columns of bytes are secrets, encrypted, and empty when they are not needed."""

    __tablename__ = "install"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    browser: Mapped[str] = mapped_column(String(64), index=True)
    began: Mapped[datetime]
    phase: Mapped[Phase] = mapped_column(String(16), index=True)

    label: Mapped[str] = mapped_column(String(64))
    plan: Mapped[str] = mapped_column(String(64))
    region: Mapped[str] = mapped_column(String(64))
    image: Mapped[str] = mapped_column(String(64))

    state: Mapped[str] = mapped_column(String(64), unique=True)
    verifier: Mapped[bytes | None]
    code: Mapped[bytes | None]
    token: Mapped[bytes | None]
    token_ends: Mapped[datetime | None]
    password: Mapped[bytes | None]

    box: Mapped[bytes]
    sealed: Mapped[bytes | None]
    shown: Mapped[datetime | None]

    linode_id: Mapped[int | None]
    address: Mapped[str | None] = mapped_column(String(64))
    percent: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(Text)

    claim: Mapped[str | None] = mapped_column(String(32))
    due: Mapped[datetime]

    @property
    def overall(self) -> int:
        """Progress of the whole installation, in percent; the boot of the Linode takes most of the time."""
        at = {Phase.ASKED: 0, Phase.ALLOWED: 5, Phase.MAKING: 15, Phase.BOOTING: 30 + self.percent * 70 // 100}
        return at.get(self.phase, 100)

    @property
    def phase_in_words(self) -> str:
        """The phase as a visitor reads it."""
        return {Phase.RUNNING: "running", Phase.DENIED: "not allowed", Phase.FAILED: "failed"}.get(
            self.phase, "in progress"
        )

    @property
    def settled(self) -> bool:
        """Whether nothing more is going to happen, but that the token may still have to be given back."""
        return self.phase in SETTLED
