"""Customers: signing up and logging in, without telling anybody who is one."""

from __future__ import annotations

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from .models import Customer, Order


class Accounts:
    """Makes customers and knows them again; *hasher* says at what price."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher = hasher
        self._nobody = hasher.hash(secrets.token_hex(16))
        self._turn = threading.BoundedSemaphore(4)  # a hash takes 64 MB: who comes together waits for each other

    def sign_up(self, db: Session, password: str, email: str, order: Order) -> Customer | None:
        """A new customer, with the *order* of their server; the first one when the form is sent twice."""
        with self._turn:
            password_hash = self._hasher.hash(password)
        number = str(secrets.randbelow(9 * 10**11) + 10**11)
        customer = Customer(number=number, password_hash=password_hash, email=email, order=order)
        db.add(customer)
        try:
            db.commit()
        except IntegrityError:  # the label is taken: the same form, and the same customer if they know the password
            db.rollback()
            first = db.scalars(select(Customer).join(Order).where(Order.label == order.label)).one()
            return self.log_in(db, first.number, password)
        return customer

    def log_in(self, db: Session, number: str, password: str) -> Customer | None:
        """The customer with that number and that password. For a number that nobody has it takes as long."""
        customer = db.scalar(select(Customer).where(Customer.number == number))
        known = self._nobody if customer is None else customer.password_hash
        with self._turn:
            try:
                self._hasher.verify(known, password)
            except VerifyMismatchError:
                return None
            if customer is not None and self._hasher.check_needs_rehash(known):
                customer.password_hash = self._hasher.hash(password)
                db.commit()
        return customer


def grouped(number: str) -> str:
    """A customer number as people read it: ``123 456 789 012``."""
    return " ".join(number[at : at + 3] for at in range(0, len(number), 3))
