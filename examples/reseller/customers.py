"""Customers: signing up and logging in, without revealing whether an e-mail address is a customer's."""

from __future__ import annotations

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from .models import Customer, Order, State

TOGETHER = 3
"""Customers that may have the same e-mail address: as many hashes are verified at each log-in, whatever the address."""


class Full(Exception):
    """As many customers as may be have that e-mail address."""


class Accounts:
    """Creates customers and verifies their passwords; *hasher* sets the cost of a hash."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher = hasher
        self._nobody = hasher.hash(secrets.token_hex(16))
        self._turn = threading.BoundedSemaphore(4)  # a hash takes 64 MB: more than four at once wait for each other

    def sign_up(self, db: Session, password: str, email: str, order: Order) -> Customer | None:
        """Create a customer with the *order* of their server, and return them.

        Whoever gives the e-mail address and the password of a customer is that customer, who is returned. None when
        another form of the same browser was first, with another password. Raises `Full`.
        """
        email, known = address(email), self.log_in(db, email, password)
        if known is not None:
            return known
        if len(self._with(db, email)) >= TOGETHER:
            raise Full
        with self._turn:
            password_hash = self._hasher.hash(password)
        number = str(secrets.randbelow(9 * 10**11) + 10**11)
        customer = Customer(number=number, password_hash=password_hash, email=email, order=order)
        db.add(customer)
        try:
            db.commit()
        except IntegrityError:  # the label is taken: the same form was sent twice at the same moment
            db.rollback()
            return self.log_in(db, email, password)
        return customer

    def log_in(self, db: Session, email: str, password: str) -> Customer | None:
        """The customer with that e-mail address and that password. It takes as long when there is none."""
        customers: list[Customer | None] = [*self._with(db, address(email))]
        customers += [None] * (TOGETHER - len(customers))
        found = [each for each in customers if self._fits(each, password)]
        customer = next((each for each in found if each is not None), None)
        if customer is not None and self._hasher.check_needs_rehash(customer.password_hash):
            with self._turn:
                customer.password_hash = self._hasher.hash(password)
            db.commit()
        return customer

    def _with(self, db: Session, email: str) -> list[Customer]:
        """The customers with that address. Giving up the server has ended an account, and the address is free again."""
        kept = select(Customer).join(Order).where(Customer.email == email, Order.state != State.GONE)
        return list(db.scalars(kept.order_by(Customer.id)))

    def _fits(self, customer: Customer | None, password: str) -> bool:
        with self._turn:
            try:
                return self._hasher.verify(customer.password_hash if customer else self._nobody, password)
            except VerifyMismatchError:
                return False


def address(email: str) -> str:
    """*email* in the form in which addresses are compared."""
    return email.strip().lower()


def grouped(number: str) -> str:
    """A customer number as people read it: ``123 456 789 012``."""
    return " ".join(number[at : at + 3] for at in range(0, len(number), 3))
