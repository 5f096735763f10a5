"""Sessions of customers and of the owner: a row each, so that after a log-out a saved cookie opens nothing."""

from __future__ import annotations

import secrets
import time

from fastapi import Request
from sqlalchemy import delete
from sqlalchemy.orm import Session

from common.pages import SESSION_SECONDS

from .models import Customer, LoggedIn


def begin(request: Request, db: Session, customer: Customer | None = None) -> None:
    """Start a session of *customer*, or of the owner, in this browser. The browser's earlier session ends."""
    end(request, db)
    row = LoggedIn(
        id=secrets.token_urlsafe(24), customer_id=customer and customer.id, ends=time.time() + SESSION_SECONDS
    )
    db.add(row)
    db.commit()
    request.session["session"] = row.id


def current(request: Request, db: Session) -> LoggedIn | None:
    """The session of this browser; None when it has none, or its session has ended."""
    row = db.get(LoggedIn, request.session.get("session", ""))
    return row if row is not None and row.ends > time.time() else None


def end(request: Request, db: Session) -> None:
    """End the session of this browser, and delete the rows of all sessions that are over."""
    over = (LoggedIn.id == request.session.get("session", "")) | (LoggedIn.ends < time.time())
    db.execute(delete(LoggedIn).where(over))
    db.commit()
    request.session.clear()
