"""Jobs of the shop: Linodes are created, rebuilt and deleted, exactly one for each order, even if processes are killed.

A worker claims an order by setting ``due`` to a time in the future; when the worker is killed, the order is due again
at that time. Every step first looks for the results of an earlier attempt, and stores its intention before it sends a
request. So each step can be repeated from its beginning.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from functools import cached_property
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from common.database import Sessions
from common.error_messages import explain
from common.secrets import seal
from linode import Linode, LinodeClient, StackScript
from linode.errors import ApiError, InvalidRequestError, LinodeBusyError, LinodeError, NotFoundError

from .models import WORK, Order, State, change
from .settings import Settings

log = logging.getLogger(__name__)

BUSY_SECONDS, TROUBLE_SECONDS = 3.0, 15.0  # until it is tried again
VANISHED = "its Linode was deleted by somebody else"
FINAL = (400, 402, 404, 409)  # statuses that say: not like this, however often it is asked
FREE = {"claim": None, "due": 0.0, "trouble": None}


class Overtaken(Exception):
    """The order is no longer as this worker knew it: the customer gave it up, or another worker has it."""


class Provisioner:
    """The work on orders, for one process. *client* may be shared by its threads."""

    def __init__(self, settings: Settings, sessions: Sessions, client: LinodeClient) -> None:
        self.settings = settings
        self.sessions = sessions
        self.client = client
        self._one = threading.Lock()

    def work(self) -> bool:
        """Take the oldest order that is due and do what it asks for; False when there was none."""
        order = self._take()
        if order is None:
            return False
        log.info("%s: %s", order.label, order.state)
        steps = {State.WAITING: self._make, State.REBUILDING: self._rebuild, State.LEAVING: self._delete}
        try:
            try:
                steps[State(order.state)](order)
            except LinodeError as error:
                log.warning("%s: %s", order.label, error)
                self._failed(order, error)
        except Overtaken:
            self._release(order)
        return True

    def left(self) -> tuple[int, bool]:
        """Number of orders that wait for a worker, and whether any job is due."""
        with self.sessions() as db:
            due = db.scalar(select(func.count()).where(Order.state.in_(WORK), Order.due <= time.time()))
            unfinished = db.scalar(select(func.count()).where(Order.state.in_((*WORK, State.MAKING))))
        return due or 0, bool(unfinished)

    def _take(self) -> Order | None:
        now, claim = time.time(), secrets.token_hex(16)
        due = select(Order.id).where(Order.state.in_(WORK), Order.due <= now).order_by(Order.id).limit(1)
        oldest = due.with_for_update(skip_locked=True).scalar_subquery()
        values = {"claim": claim, "due": now + self.settings.claim_seconds}
        with self.sessions() as db:
            db.execute(update(Order).where(Order.id == oldest).values(values))
            db.commit()
            return db.scalar(select(Order).where(Order.claim == claim).options(joinedload(Order.customer)))

    def _keep(self, order: Order, **values: Any) -> None:
        """Write *values* to *order*, if it is still ours and as we knew it. Raises `Overtaken`."""
        with self.sessions() as db:
            if not change(db, order, Order.claim == order.claim, Order.state == order.state, **values):
                raise Overtaken(order.label)

    def _release(self, order: Order, seconds: float = 0.0, trouble: str | None = None) -> None:
        """Let any worker take *order* in so many seconds."""
        with self.sessions() as db:
            change(db, order, Order.claim == order.claim, claim=None, due=time.time() + seconds, trouble=trouble)

    def _failed(self, order: Order, error: LinodeError) -> None:
        """Set the state of *order* after *error*: it is retried, unless the refusal is permanent."""
        reasons = error.reasons if isinstance(error, ApiError) else ()
        trouble = f"{explain(error).title} ({'; '.join(map(str, reasons)) or type(error).__name__})"[:500]
        final = isinstance(error, ApiError) and error.status in FINAL and order.state != State.LEAVING
        if isinstance(error, LinodeBusyError):
            self._release(order, BUSY_SECONDS)
        elif not final:
            self._release(order, TROUBLE_SECONDS, trouble)
        else:
            vars(self).pop("_script", None)  # it may be what is refused: somebody deleted it
            self._keep(order, state=State.FAILED, sealed=None, **FREE | {"trouble": trouble})

    def _make(self, order: Order) -> None:
        linode, state = self.find(order), State.MAKING
        if linode is None:
            try:
                linode = self.client.create_linode(
                    self.settings.plan,
                    order.region,
                    image=self.settings.image,
                    root_pass=self._new_password(order),
                    label=order.label,
                    tags=[self.settings.shop],
                    **self._software(order),
                )
            except InvalidRequestError as error:
                # A worker that was overtaken has made it after we looked: with a password that nobody has.
                linode, state = self.find(order) if "label" in error.fields else None, State.REBUILDING
                if linode is None:
                    raise
        self._keep(order, state=state, **FREE, **_seen(linode))

    def _rebuild(self, order: Order) -> None:
        linode = Linode(self.client, order.linode_id or 0)
        linode.rebuild(self.settings.image, root_pass=self._new_password(order), **self._software(order))
        self._keep(order, state=State.MAKING, **FREE, **_seen(linode))

    def _delete(self, order: Order) -> None:
        linode = self.find(order)
        if linode is not None:
            linode.delete()
        self._keep(order, state=State.GONE, **FREE, **dict.fromkeys(("linode_id", "linode_status", "ipv4", "sealed")))

    def find(self, order: Any) -> Linode | None:
        """The Linode of *order*, if it is there."""
        if order.linode_id is None:
            return self.client.get_linodes(Linode.label == order.label).first()
        try:
            return Linode(self.client, order.linode_id).load()
        except NotFoundError:
            return None

    def _new_password(self, order: Order) -> str:
        """A password for root, kept where only the customer's browser can read it, before anybody else hears of it."""
        password = secrets.token_urlsafe(24)
        self._keep(order, sealed=order.box and seal(order.box, password))
        return password

    def _software(self, order: Order) -> Any:
        """The shop's StackScript, and the values of its fields for the customer."""
        answers = {"server_name": order.name, "customer_number": order.customer.number, "shop": self.settings.shop}
        with self._one:  # or each thread makes a StackScript
            return {"stackscript_id": self._script, "stackscript_data": answers}

    @cached_property
    def _script(self) -> StackScript:
        """The shop's StackScript, made or brought up to date where that is needed."""
        label, text = f"{self.settings.shop} server", self.settings.stackscript.read_text()
        found = self.client.get_stackscripts(StackScript.mine == True, StackScript.label == label).first()  # noqa: E712
        if found is None:
            found = self.client.create_stackscript(label, text, [self.settings.image])
        elif (found.script, found.images) != (text, [self.settings.image]):
            found.script, found.images = text, [self.settings.image]
            found.save()
        return found

    def reconcile(self) -> None:
        """Compare orders with the Linodes that there are: what runs, what has vanished, what should not be there."""
        with self.sessions() as db:  # first, so that of what it knows nothing is too new to be in the list
            orders = db.execute(select(Order.id, Order.label, Order.state, Order.linode_id, Order.linode_status)).all()
        linodes = {each.label: each for each in linodes_of(self.client, self.settings.shop)}
        for order in orders:
            linode, news = linodes.get(order.label), {}
            if order.state in (State.MAKING, State.RUNNING):
                linode = linode or self.find(order)  # it may have been given another label, or no tag
                if linode is None:
                    news = {"state": State.FAILED, "trouble": VANISHED, "linode_id": None, "sealed": None}
                elif order.state == State.MAKING and linode.status == "running":
                    news = {"state": State.RUNNING, **_seen(linode)}
                elif linode.status != order.linode_status:
                    news = _seen(linode)
            elif order.state == State.GONE and linode is not None:
                news = {"state": State.LEAVING}
            elif order.state == State.FAILED and order.linode_id is None and linode is not None:
                news = {"state": State.REBUILDING, **_seen(linode)}  # of a worker thought dead: nobody has its password
            if news:
                log.info("%s: now %s", order.label, news.get("state") or news["linode_status"])
                with self.sessions() as db:
                    change(db, order, Order.state == order.state, **news)


def linodes_of(client: LinodeClient, shop: str) -> list[Linode]:
    """The Linodes of *shop*. One without an order is the owner's to look at: perhaps the database is another one."""
    return list(client.get_linodes(Linode.tags == shop))


def _seen(linode: Linode) -> dict[str, Any]:
    return {"linode_id": linode.id, "linode_status": linode.status, "ipv4": linode.ipv4[0] if linode.ipv4 else None}
