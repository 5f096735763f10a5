"""The account: its data, agreements, traffic and promo codes. Its bills are in `billing`."""

from __future__ import annotations

import re
from typing import Any

from linode.api.account.account import Account, AccountMixin
from linode.api.linodes.linode import Linode
from linode.api.regions import Region
from linode.api.types import Type
from linode.sandbox.core.kind import Access, Kind
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, Row, World, on
from linode.sandbox.families.linodes import stats
from linode.sandbox.families.profile.current_user import check_email

from .billing import balance, card_shown, uninvoiced

__all__ = ["account", "add_promo_code", "owner_of", "refuse_no_zip"]

READ, WRITE = ("account:read_only",), ("account:read_write",)
AGREEMENTS = ("billing_agreement", "eu_model", "master_service_agreement", "privacy_policy")
FORBIDDEN = frozenset('<>()"=')
NAMED = ("address_1", "address_2", "city", "company", "first_name", "last_name", "state")
US_ZIP = re.compile(r"\d{5}(-\d{4})?")
DAYS_FOR_PROMOTIONS = 90
GB = stats.GB
# A person who does not exist.
OWNER = {
    "company": "",
    "first_name": "Sandbox",
    "last_name": "User",
    "email": "sandbox@example.com",
    "address_1": "1 Example Street",
    "address_2": "",
    "city": "Philadelphia",
    "state": "PA",
    "zip": "19106",
    "country": "US",
    "phone": "",
    "tax_id": "",
    "billing_source": "linode",
}

on.kind(
    Kind(
        of=Account,
        access=Access(
            scopes={
                AccountMixin.get_account: READ,
                AccountMixin.get_account_transfer: READ,
                AccountMixin.get_account_agreements: READ,
                AccountMixin.accept_agreements: WRITE,
                AccountMixin.apply_promo_code: READ,
            },
            general={
                "*": "account_access",
                AccountMixin.get_account_transfer: "account_access",
                AccountMixin.get_account_agreements: "unrestricted",
                AccountMixin.accept_agreements: "unrestricted",
                AccountMixin.apply_promo_code: "unrestricted",
            },
        ),
    )
)


@on.get(Account)
def account(world: World) -> Row:
    """The account as it is shown; that it can use all that any region has is a guess."""
    known, owner = _known(world), owner_of(world)
    capabilities = sorted({each for region in world.read(Region) for each in region["capabilities"]})
    return {
        **{name: owner[name] for name in OWNER},
        "euuid": known["euuid"],
        "active_since": known.get("since") or world.stamp(),
        "capabilities": capabilities,
        "active_promotions": known.get("promotions", []),
        "balance": balance(world),
        "balance_uninvoiced": uninvoiced(world),
        "credit_card": card_shown(world),
    }


def _known(world: World) -> Row:
    """The row of what the world has known of the account from its start."""
    return world.rows("_Account")[0]


def owner_of(world: World) -> Row:
    """The row with the account's contact data."""
    return world.one("_Owner", **OWNER)


@on.update(Account)
def update(world: World, **changes: str) -> Row:
    """Change the account's data; users of a child account cannot."""
    if world.user is not None and world.user["user_type"] == "child":
        raise Refused("Unauthorized", status=403)
    owner = owner_of(world)
    changed = {name: value for name, value in changes.items() if value != owner[name]}
    if "email" in changed:
        check_email(changed["email"])
    rules.refuse_for([(f"{name} is not valid", name) for name in NAMED if FORBIDDEN & set(changed.get(name, ""))])
    if "country" in changed and not re.fullmatch("[A-Z]{2}", changed["country"]):
        raise Refused("country is not valid", field="country")
    after = {**owner, **changed}
    if changed.keys() & {"country", "zip"} and after["country"] == "US" and not US_ZIP.fullmatch(after["zip"]):
        raise Refused("zip is not valid", field="zip")
    owner.update(changed)
    world.events.notify("account_update", None)
    return account(world)


def refuse_no_zip(world: World) -> None:
    """Raise a refusal when the account's address has no valid postal code, which cards need."""
    owner = owner_of(world)
    if not owner["zip"] or (owner["country"] == "US" and not US_ZIP.fullmatch(owner["zip"])):
        raise Refused("The account needs a valid zip")  # own words


# -- agreements ------------------------------------------------------------------------------------------------------


@on(AccountMixin.get_account_agreements)
def agreements(world: World) -> Row:
    """The agreements; that a new account has accepted none is a guess."""
    row = world.one("_Agreements", **dict.fromkeys(AGREEMENTS, False))
    return {name: row[name] for name in AGREEMENTS}


@on(AccountMixin.accept_agreements)
def accept_agreements(world: World, **accepted: bool) -> None:
    """Accept those that were sent."""
    rules.refuse_for([(f"{name} is not valid", name) for name, value in accepted.items() if not value])
    row = world.one("_Agreements", **dict.fromkeys(AGREEMENTS, False))
    if accepted.get("eu_model") and not row["eu_model"]:
        world.events.notify("account_agreement_eu_model", None)
    row.update(accepted)


# -- traffic ---------------------------------------------------------------------------------------------------------


@on(AccountMixin.get_account_transfer)
def transfer(world: World) -> Row:
    """The sum over the account's Linodes; that those of regions with prices of their own count apart is a guess."""
    apart = {each["id"] for type in world.read(Type) for each in type["region_prices"]}
    linodes = list(world.read(Linode))
    pools = {region: _pool(world, [each for each in linodes if each["region"] == region]) for region in sorted(apart)}
    common = _pool(world, [each for each in linodes if each["region"] not in apart])
    return {**common, "region_transfers": [{"id": region, **pool} for region, pool in pools.items()]}


def _pool(world: World, linodes: list[Row]) -> Row:
    each = [stats.transfer(world, linode) for linode in linodes]
    used, quota = sum(one["used"] for one in each) // GB, sum(one["quota"] for one in each)
    return {"used": used, "quota": quota, "billable": max(used - quota, 0)}


# -- promotions ------------------------------------------------------------------------------------------------------


@on(AccountMixin.apply_promo_code)
def apply_promo_code(world: World, promo_code: str) -> Row:
    """Apply a code of `add_promo_code`; no other is known."""
    known = _known(world)
    if -world.seconds_until(account(world)["active_since"]) > DAYS_FOR_PROMOTIONS * 24 * 3600:
        raise Refused("The account is too old for a promo code")  # own words
    if known.get("promotions"):
        raise Refused("The account has a promotion already")  # own words
    row = world.find("_PromoCode", promo_code)
    if row is None:
        raise Refused("promo_code is not valid", field="promo_code")
    known["promotions"] = [row["promotion"]]
    world.events.notify("account_promo_apply", None)
    promotion: Row = row["promotion"]
    return promotion


def add_promo_code(world: World, code: str, credit: float, **members: Any) -> None:
    """Let *code* give a *credit* in US dollars: a call of Python, as nobody has recorded a code of the API.

    The credit is shown, and pays for nothing. *members* are others of a promotion than the sandbox's own.
    """
    amount = f"{credit:.2f}"
    promotion = {
        "summary": f"${amount} promotion",
        "description": f"${amount} of credit",
        "service_type": "all",
        "credit_monthly_cap": amount,
        "credit_remaining": amount,
        "this_month_credit_remaining": amount,
        "expire_dt": None,
        "image_url": "",
    }
    world.add("_PromoCode", id=code, promotion={**promotion, **members})
