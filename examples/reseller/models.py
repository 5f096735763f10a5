"""The tables of the shop. The row of an order decides; a job of the queue only tells a worker to look at it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, LargeBinary, String, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from common.database import Base


class State(StrEnum):
    """The states of an order."""

    WAITING = "waiting"  # in line: there is no Linode, or nobody knows of it
    MAKING = "making"  # its Linode is known, and only has to be waited for
    RUNNING = "running"
    REBUILDING = "rebuilding"  # it is to be made anew, with another password
    FAILED = "failed"  # Linode refused; the customer may try again, or give up
    LEAVING = "leaving"  # given up: its Linode is to be deleted
    GONE = "gone"


WORK = (State.WAITING, State.REBUILDING, State.LEAVING)  # where a worker has something to do


class Customer(Base):
    """Somebody who signed up. They log in with e-mail address and password; a few customers may share an address."""

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(12), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), index=True)
    order: Mapped[Order] = relationship(back_populates="customer")


class LoggedIn(Base):
    """A session that has not ended: of a customer, or of the owner, who is none."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    ends: Mapped[float] = mapped_column(index=True)
    """Expiry time of the session (seconds since 1970)."""


class Order(Base):
    """A customer's one server. Rows are never deleted: that is how the Linode of an order that is over is known."""

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), unique=True)
    label: Mapped[str] = mapped_column(String(64), unique=True)
    """The label of its Linode, decided before there is one: of two with the same label the API refuses the second."""
    name: Mapped[str] = mapped_column(String(32))
    region: Mapped[str] = mapped_column(String(32))
    state: Mapped[State] = mapped_column(String(16), default=State.WAITING, index=True)
    linode_id: Mapped[int | None]
    linode_status: Mapped[str | None] = mapped_column(String(32))
    ipv4: Mapped[str | None] = mapped_column(String(15))
    trouble: Mapped[str | None] = mapped_column(String(500))
    """Message of Linode's last error; empty without one."""
    box: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """The public key of the customer's browser."""
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary(200))
    """The root password, which only that browser can open; forgotten when it has been shown."""
    claim: Mapped[str | None] = mapped_column(String(32))
    """The worker that has it in hand."""
    due: Mapped[float] = mapped_column(default=0.0)
    """When a worker may take it: the end of a claim, or of a pause after trouble (seconds since 1970)."""
    customer: Mapped[Customer] = relationship(back_populates="order")


def change(db: Session, order: Any, *conditions: ColumnElement[bool], **values: Any) -> bool:
    """Write *values* to the row of *order*, if it meets *conditions* at that moment; says whether it did."""
    writing = update(Order).where(Order.id == order.id, *conditions).values(values)
    written = db.execute(writing.returning(Order.id)).all()
    db.commit()
    return bool(written)
