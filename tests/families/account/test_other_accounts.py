"""Accounts besides the sandbox's own: child accounts, and transfers from one account to another."""

from __future__ import annotations

import itertools

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION, actions, ask, said

from linode import ChildAccount, EntityTransfer, Linode, ServiceTransfer, User
from linode.errors import AuthenticationError, NotFoundError
from linode.sandbox import Sandbox
from linode.sandbox.core.refusals import SandboxError

CARD = {"card_number": "4111111111111111", "expiry_month": 12, "expiry_year": 2099, "cvv": "123"}
UNAUTHORIZED = [("Unauthorized", None)]
MOVE = 3600


@pytest.fixture
def theirs(sandbox):
    """A client of another account that can pay."""
    client = sandbox.client(sandbox.add_account("Other Inc."))
    client.create_payment_method(CARD, is_default=True)
    return client


@pytest.fixture
def linode(sandbox, client):
    """A Linode with disks, backups and a private address."""
    made = client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, label="web", private_ip=True)
    made.enable_backups()
    sandbox.advance(120)
    return made


# -- accounts --------------------------------------------------------------------------------------------------------


def test_accounts_have_objects_of_their_own(sandbox, client, theirs, empty):
    """Nobody sees the other's; IDs, addresses and the clock are common."""
    assert list(theirs.get_linodes()) == []
    with pytest.raises(NotFoundError):
        Linode(theirs, empty.id).load()
    other = theirs.create_linode(NANODE, REGION, label="empty")
    assert other.id != empty.id
    assert other.ipv4 != empty.ipv4
    assert [each.label for each in client.get_linodes()] == ["empty"]
    theirs.wait_for([other], "offline")
    assert theirs.get_account().euuid != client.get_account().euuid
    assert theirs.get_account().company == "Other Inc."
    assert [each.username for each in theirs.get_users()] == ["other-inc"]
    assert "linode_create" in actions(theirs)
    assert len(theirs.get_types()) == len(client.get_types())
    with pytest.raises(SandboxError, match="already"):
        sandbox.add_account("Other Inc.")


def test_answers_name_the_account_that_asks(sandbox, client):
    """In a header."""
    token = sandbox.add_account("Other Inc.")
    euuids = [ask(sandbox, "GET", "/v4/profile", token=each)[2]["x-customer-uuid"] for each in (sandbox.token, token)]
    assert euuids == [client.get_account().euuid, sandbox.client(token).get_account().euuid]


def test_what_is_refused_in_one_account_is_undone_in_all(sandbox, client, theirs):
    """And nothing of it is left in either."""
    with pytest.raises(Exception, match="is not valid"):
        theirs.create_linode(NANODE, "mars", label="lost")
    assert list(theirs.get_linodes()) == list(client.get_linodes()) == []


def test_accounts_are_in_the_data_file(tmp_path):
    """With their jobs, which go on."""
    path = str(tmp_path / "world")
    with Sandbox(path, seed=1) as sandbox:
        token = sandbox.add_account("Other Inc.")
        sandbox.client(token).create_linode(NANODE, REGION, label="theirs")
    with Sandbox(path) as sandbox:
        sandbox.advance(60)
        (linode,) = sandbox.client(token).get_linodes()
        assert (linode.label, linode.status) == ("theirs", "offline")
        assert list(sandbox.client().get_linodes()) == []


def test_reset_forgets_the_accounts(sandbox, theirs):
    """After a reset the tokens of other accounts are unknown."""
    sandbox.reset()
    with pytest.raises(AuthenticationError):
        theirs.get_account()


# -- child accounts --------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
def test_a_parent_acts_for_its_child(sandbox, client):
    """With a token of the proxy user, for a short time."""
    assert said(client.get_child_accounts().first) == UNAUTHORIZED
    own = sandbox.client(sandbox.add_account("Child Inc.", child=True))
    account = client.get_account()
    account.company = "Parent Inc."
    account.save()
    (child,) = client.get_child_accounts(ChildAccount.company == "Child Inc.")
    assert (child.euuid, child.balance) == (own.get_account().euuid, 0)
    assert ChildAccount(client, child.euuid).email == "child-inc@example.com"
    token = child.create_token()
    assert (len(token.token), token.scopes, token.label.startswith("Parent Inc._")) == (64, "*", True)
    proxy = sandbox.client(token.token)
    assert proxy.get_profile().user_type == "proxy"
    proxy.create_linode(NANODE, REGION, label="for-child")
    assert [each.label for each in own.get_linodes()] == ["for-child"]
    assert list(client.get_linodes()) == []
    assert client.get_profile().user_type == "parent"
    sandbox.advance(3600)
    with pytest.raises(AuthenticationError):
        proxy.get_profile()


@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
def test_a_child_keeps_its_proxy_user(sandbox, client):
    """The proxy user can neither be renamed nor deleted, and users of the child do not change the account."""
    own = sandbox.client(sandbox.add_account("Child Inc.", child=True))
    proxy = next(each for each in own.get_users() if each.user_type == "proxy")
    assert said(proxy.delete) == UNAUTHORIZED
    proxy.username = "another"
    assert said(proxy.save) == UNAUTHORIZED
    account = own.get_account()
    account.company = "Free Inc."
    assert said(account.save) == UNAUTHORIZED
    assert said(own.get_child_accounts().first) == UNAUTHORIZED
    with pytest.raises(NotFoundError):
        ChildAccount(client, client.get_account().euuid).load()


@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
def test_a_child_account_is_canceled(sandbox, client):
    """Then its parent has none; the parent's own objects stay."""
    own = sandbox.client(sandbox.add_account("Child Inc.", child=True))
    client.create_domain("example.com", "master", soa_email="admin@example.com")
    own.get_account().cancel()
    with pytest.raises(AuthenticationError):
        own.get_profile()
    assert said(client.get_child_accounts().first) == UNAUTHORIZED
    assert len(client.get_domains()) == 1


@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
def test_access_to_child_accounts_is_a_grant(sandbox, client):
    """Of restricted users."""
    sandbox.add_account("Child Inc.", child=True)
    ada = client.create_user("ada", "ada@example.com", restricted=True)
    with sandbox.world.transaction():
        theirs = sandbox.client(sandbox.world.identity.issue_token("ada")["_secret"])
    assert said(theirs.get_child_accounts().first) == UNAUTHORIZED
    ada.update_grants(global_={"child_account_access": True})
    assert len(theirs.get_child_accounts()) == 1


# -- transfers -------------------------------------------------------------------------------------------------------


def test_a_linode_moves_with_what_is_its_own(sandbox, client, theirs, linode):
    """Disks, backups and addresses move with a Linode; each account has its side of the transfer, and its events."""
    disks, addresses = [each.id for each in linode.disks], list(linode.ipv4)
    transfer = client.create_service_transfer({"linodes": [linode]})
    assert (transfer.status, transfer.is_sender, transfer.entities.linodes) == ("pending", True, [linode.id])
    assert repr(transfer) == "ServiceTransfer(status='pending')"
    offered = ServiceTransfer(theirs, transfer.token)
    assert (offered.is_sender, len(theirs.get_service_transfers())) == (False, 0)
    offered.accept()
    assert (offered.status, transfer.load().status) == ("accepted", "accepted")
    assert list(theirs.get_linodes()) == []
    sandbox.advance(MOVE)
    assert transfer.load().status == offered.load().status == "completed"
    (moved,) = theirs.get_linodes()
    assert (moved.id, moved.label, list(moved.ipv4), moved.status) == (linode.id, "web", addresses, "running")
    assert [each.id for each in moved.disks] == disks
    assert moved.backups.enabled is True
    with pytest.raises(NotFoundError):
        linode.load()
    assert [each.address for each in client.get_ips()] == []
    assert [each.token for each in client.get_service_transfers(ServiceTransfer.is_sender == True)] == [transfer.token]  # noqa: E712
    assert [each.is_sender for each in theirs.get_service_transfers()] == [False]
    assert [each for each in actions(client) if "transfer" in each] == [
        "entity_transfer_create",
        "entity_transfer_accept",
    ]
    assert [each for each in actions(theirs) if "transfer" in each] == ["entity_transfer_accept_recipient"]
    sandbox.advance(25 * 3600)
    assert len(moved.available_backups().automatic) == 1
    moved.reboot().wait()


def test_the_bill_changes_over(sandbox, client, theirs, linode):
    """From the hour of the move on the other account pays."""
    transfer = client.create_service_transfer({"linodes": [linode]})
    sandbox.advance(10 * 3600)
    ServiceTransfer(theirs, transfer.token).accept()
    sandbox.advance(MOVE)
    before = client.get_account().balance_uninvoiced
    assert before > 0
    sandbox.advance(3 * 3600)
    assert client.get_account().balance_uninvoiced in (before, 0)  # a month may end meanwhile
    assert theirs.get_account().balance_uninvoiced > 0


@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
@pytest.mark.parametrize("kind", ["service", "entity"])
def test_a_pending_transfer_is_canceled(client, theirs, empty, kind):
    """By its sender alone; afterwards nobody else sees it."""
    create = getattr(client, f"create_{kind}_transfer")
    transfer = create({"linodes": [empty.id]})
    cls = type(transfer)
    assert cls is {"service": ServiceTransfer, "entity": EntityTransfer}[kind]
    assert [each.token for each in getattr(client, f"get_{kind}_transfers")] == [transfer.token]
    with pytest.raises(NotFoundError):
        cls(theirs, transfer.token).delete()
    transfer.delete()
    assert transfer.load().status == "canceled"
    with pytest.raises(NotFoundError):
        cls(theirs, transfer.token).load()
    assert said(transfer.delete) == [("The transfer is not pending", None)]
    assert actions(client)[-1] == "entity_transfer_cancel"
    assert create({"linodes": [empty.id]}).status == "pending"


def test_a_transfer_becomes_stale(sandbox, client, theirs, empty):
    """After a day."""
    transfer = client.create_service_transfer({"linodes": [empty]})
    assert (transfer.expiry - transfer.created).days == 1
    sandbox.advance(24 * 3600)
    assert transfer.load().status == "stale"
    assert actions(client)[-1] == "entity_transfer_stale"
    assert said(ServiceTransfer(theirs, transfer.token).accept) == [("The transfer is not pending", None)]


def test_who_can_accept(sandbox, client, empty):
    """Another account, which can pay."""
    transfer = client.create_service_transfer({"linodes": [empty]})
    assert said(transfer.accept) == [("A transfer cannot be accepted by its sender", None)]
    poor = sandbox.client(sandbox.add_account("Poor Inc."))
    assert said(ServiceTransfer(poor, transfer.token).accept) == [("The account has no payment method", None)]


def test_what_cannot_be_transferred(sandbox, client, empty):
    """Each Linode with each reason, by its place."""
    first = client.create_linode(NANODE, REGION, label="first")
    first_transfer = client.create_service_transfer
    client.create_volume("data", region=REGION, linode_id=empty)
    client.create_firewall("wall", {"inbound_policy": "DROP", "outbound_policy": "DROP"}, devices={"linodes": [empty]})
    second = client.create_linode(
        NANODE, REGION, label="second", interface_generation="linode", interfaces=[{"vlan": {"vlan_label": "v"}}]
    )
    sandbox.advance(60)
    third = client.create_linode(NANODE, REGION, label="third")
    client.create_ipv6_range(64, linode_id=third)
    client.share_ips(third, [empty.ipv4[0]])
    sandbox.advance(60)
    first_transfer({"linodes": [first]})
    wanted = [first, empty, second, third]
    field = {each.id: f"entities.linodes[{at}]" for at, each in enumerate(wanted)}
    assert said(first_transfer, {"linodes": wanted}) == [
        (f"The Linode {first.id} is in another transfer", field[first.id]),
        (f"The Linode {empty.id} has attached volumes", field[empty.id]),
        (f"The Linode {empty.id} is assigned to a firewall", field[empty.id]),
        (f"The Linode {empty.id} shares addresses", field[empty.id]),
        (f"The Linode {second.id} is assigned to a VLAN", field[second.id]),
        (f"The Linode {third.id} shares addresses", field[third.id]),
        (f"The Linode {third.id} has an IPv6 range", field[third.id]),
    ]
    assert said(first_transfer, {"linodes": []}) == [("Must contain at least one item", "entities.linodes")]
    assert said(first_transfer, {"linodes": [9]}) == [("entities.linodes is not valid", "entities.linodes[0]")]


def test_a_linode_that_cannot_move_any_more_stays(sandbox, client, theirs, empty):
    """A Linode that has got a volume or another blocker meanwhile does not move, and neither does a deleted one."""
    transfer = client.create_service_transfer({"linodes": [empty]})
    volume = client.create_volume("data", region=REGION, linode_id=empty)
    sandbox.advance(60)
    offered = ServiceTransfer(theirs, transfer.token)
    assert said(offered.accept) == [(f"The Linode {empty.id} has attached volumes", None)]
    volume.detach()
    sandbox.advance(60)
    offered.accept()
    empty.delete()
    sandbox.advance(MOVE)
    assert transfer.load().status == "failed"
    assert actions(client)[-1] == "entity_transfer_fail"
    assert list(theirs.get_linodes()) == []


def test_transfers_are_for_unrestricted_users(sandbox, client, empty):
    """And not more than two are accepted in a minute."""
    transfer = client.create_service_transfer({"linodes": [empty]})
    User(client, "sandbox")
    client.create_user("ada", "ada@example.com", restricted=True)
    with sandbox.world.transaction():
        ada = sandbox.client(sandbox.world.identity.issue_token("ada")["_secret"])
    for call in (ServiceTransfer(ada, transfer.token).load, transfer.__class__(ada, transfer.token).accept):
        assert said(call) == UNAUTHORIZED
    with Sandbox(seed=1, limits=True) as limited:
        path = "/v4/account/service-transfers/00000000-0000-4000-8000-000000000000/accept"
        statuses = [ask(limited, "POST", path)[0] for _ in range(3)]
    assert statuses == [404, 404, 429]


def test_labels_stay_unique(sandbox, client, theirs, empty):
    """A label that the other account has already is changed."""
    theirs.create_linode(NANODE, REGION, label="empty")
    transfer = client.create_service_transfer({"linodes": [empty]})
    ServiceTransfer(theirs, transfer.token).accept()
    sandbox.advance(MOVE)
    labels = [each.label for each in theirs.get_linodes()]
    assert not any(one == other for one, other in itertools.combinations(labels, 2))
    assert sorted(labels) == ["empty", f"empty-{empty.id}"]
