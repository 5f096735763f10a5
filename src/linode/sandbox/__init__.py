"""The Linode API in a process, with state: no account, no network, no bill.

::

    with Sandbox() as sandbox:
        client = sandbox.client()

The parts, each a file: `world` (rows, ids, clock, jobs, events; knows no HTTP), `registry` (``on``, ``job``: what the
behaviours hang themselves into), `routes` (the operations, read off the declarations), `rules` (list, create, update,
delete, whatever the family), `checks` (bodies against the declared types), `wire` (request to answer, a visible list
of steps), `door` (what is behind which address; the in-process transport), `awaited` (the same for tasks), `server` (a
port), `control` (the sandbox itself, asked over HTTP), `faults` and `limits` (what goes wrong on request), `stock`
(what is sold out), `restricted` (who may do what with Linodes), `load` (what they do while they run: its status is
set with ``become``), `login` and `alpha` (their own doors), `behaviour/` (what is peculiar to a family).

Rows
    A row is the JSON the API shows, as a plain dict, plus hidden members that begin with ``_`` and are never shown:
    ``_kind`` (the table: the class's name), the parents' ids under the parents' names (``_linode`` in a disk's row),
    and whatever a behaviour wants to remember. Change rows in place: what a request (or a job) changed is written
    when it ends well and forgotten when it is refused. One request, and one job, is one transaction.

World (``world``)
    - ``world.rows(Disk, linode, status="ready")``: all rows of a class (or table name); with a parent's row: those that
      belong to it; with members: those that have them. ``world.read(Disk, linode)``: the same, not to be changed
      (cheaper with thousands).
    - ``world.find(Linode, 123)``: the row or None. ``world.get(Linode, 123)``: the row, or raises `NotFound`.
      The id of a child is looked up below its parent when the parent's row is given: ``world.get(Disk, 5, linode)``.
    - ``world.add(Disk, linode, label=..., size=...)``: a new row with the next id (``id=`` or the id's own key
      overrides it), created/updated stamps where the class has them, and every declared field that was not given at
      its empty value (null, "", [], 0, False). Returns the row.
    - ``world.remove(row)``: deletes it and the rows of its children.
    - ``world.parent(disk)``: the row of the nearest parent.
    - ``world.one(Profile, **defaults)``: the row of a singleton, made with the defaults when it is not there.
    - ``world.now``: seconds since 1970; ``world.stamp(seconds_from_now=0)``: that as ``2026-01-02T03:04:05``.
    - ``world.random``: a seeded `random.Random`; ``world.hex(64)``: that many hexadecimal digits.
    - ``world.next_id("Disk")``: from 123 up.
    - ``world.ipv4(region_id)``, ``world.private_ipv4()``, ``world.slaac(region_id)``: a fresh address (text, no
      prefix).
    - ``world.user``: the row of the user who asks, None for nobody; ``world.token``: the token's row;
      ``world.base_url``: ``http://HOST:PORT`` of the request, for addresses in answers.
    - ``world.later(18, finish_boot, linode["id"])``: call ``finish_boot(world, linode_id)``, a function marked
      ``@job("linodes.finish_boot")``, in 18 seconds; data files hold that name, so it never changes;
      arguments are plain JSON values; returns a job id for ``world.cancel(job_id)``.

Events
    - ``world.notify("domain_create", domain, secondary=None)``: one ``notification`` event about the row.
    - ``world.schedule("linode_boot", linode, config, seconds=18, then=finish_boot, args=(linode["id"],))``: an event
      that is ``scheduled``, ``started`` a second later (percent and duration grow by the clock) and ``finished``
      after ``seconds``, when ``then`` is called just before; a `Refused` raised there makes it ``failed`` with that
      message. ``after=event``: it stays scheduled until that one has finished. Returns the event's row.
    - While an event of ``schedule`` is under way the entity's row is busy: ``world.busy(linode)``;
      ``world.refuse_busy(linode)`` raises ``Refused("Linode busy.")``.
    - ``on.entity(Config, "linode_config")`` tells the events' entity type of a class (default: the class's name in
      snake case) and, with ``events=True``, that the generic create, update and delete do for it and notify
      ``<type>_create`` and so on. ``label="domain"`` names the member that is its label there.
    - ``on.plain(SSHKey)``: the generic create does for it, without events. Where neither is said, and no behaviour
      makes one, a POST is answered 501.

Behaviours (``behaviour/<family>.py``, all imported when the first request comes)
    ``from ..registry import Bare, NotFound, Refused, Row, World, job, on``; each function takes the world, then the
    rows, then plain values by the names of the body's (or query's, or path's) members; only members that were sent
    are passed, so every optional one has a default. (A row's parameter needs another name than every member:
    ``def clone(world, original, domain)``.) It returns the row (dict) to show, a list (a bare array), None
    (``{}``), or a `Response` (anything else).

    - ``@on(Linode.boot) def boot(world, linode, config_id=None)``: what that verb does. A verb of a client has no row:
      ``@on(DomainsMixin.import_domain) def import_domain(world, domain, remote_nameserver)``.
    - ``@on(Linode.volumes) def volumes(world, linode)``: the rows of that list (a `Many`); needed only where the rows
      are neither children of the owner nor refer to it with a Ref. Paging and filters are applied to what it returns;
      a dict is shown as it is, ``Bare(rows)`` as a bare array.
    - ``@on.list(Event) def events(world, *parents)``: the rows of the class's own list, instead of ``world.rows``.
    - ``@on.get(Profile) def profile(world)``; ``@on.get(Image) def image(world, image)``: what a GET of one shows.
    - ``@on.create(Disk) def create_disk(world, linode, size, label=None, **options)``: instead of the generic create;
      the same as ``@on(Linode.create_disk)``.
    - ``@on.update(Domain) def update(world, domain, **changes)``: the settable members that were sent and passed the
      checks. ``@on.delete(Domain) def delete(world, domain)``. Singletons have no row: ``update(world, **changes)``.
    - ``rules.ensure_unique(world, Linode, label, "Linodes", besides=linode)``: refuses a label that another one has.
    - ``rules.create(world, cls, *parents, **members)``, ``rules.update(world, row, **changes)``,
      ``rules.delete(world, row)``: the generic ones, to be called by those that complete them.
    - ``@on.show(Token) def show(world, shown)``: completes the (copied) row before it is filtered and shown.
    - ``on.stored(PersonalToken, "Token")``: rows of that class live in another table.
    - ``on.reference(Type, "A valid plan type by that ID was not found")``: what is said about an id that does not
      exist (default ``<field> is not valid``). Ids in bodies are checked when their declared type names a root class
      (``region: Region | str``); ``@on(…, unchecked=("firewall_id",))`` leaves a member out (and lets it be missing,
      for a refusal in words of its own).
    - ``on.choice(MaintenancePolicy, "Unsupported …")``: what is said of a value that is none of that Literal's.
    - ``@on.mount("/uploads") def upload(world, request) -> Response``: everything below that address.
    - ``raise Refused("Linode busy.")``, ``Refused("region is not valid", field="region")``,
      ``Refused(reason, status=403)``, ``Refused.all([(reason, field), …])``, ``NotFound()``.

    Before a behaviour is called, the route, the token, its scopes, the rows in the path, the body's JSON, the types and
    bounds of its members, and what is required are settled. An operation without a behaviour or a generic rule is
    answered 501: nothing is made up.

Users, tokens, login (tables "User", "Token", "OAuthClient")
    - ``world.add_user(username, email, restricted=False)``; the id is the username.
    - ``world.issue_token(username, scopes="*", *, label="", seconds=None, kind="personal", **hidden)``: a Token row,
      ``row["_secret"]`` is the token itself (64 hex), ``seconds`` its life. ``world.find_token(secret)``: the row
      while it is valid, else None. ``world.revoke_token(row)``.
    - ``world.add_oauth_client(label, redirect_uri, *, public=False, id=None, secret=None)``: an OAuthClient row;
      ``row["_secret"]`` is the secret.
    - Anything of their own kind (codes, sessions) is rows too: ``world.add("LoginCode", id=..., ...)``: a table needs
      no class. ``login.handle(world, request) -> Response`` gets every ``/oauth/…`` and ``/alpha/oauth/…``;
      ``alpha.handle(world, request) -> Response`` every ``/alpha/v4/…`` (it asks `wire.answer(world, request)`). Both
      run inside a transaction that is kept when they return, whatever the status. Headers: ``request.headers`` has
      its names in lower case there. Requests and responses are those of ``linode._http.transport``.
"""

from __future__ import annotations

from .core.refusals import NotFound, Refused, SandboxError
from .failures.faults import Fault
from .failures.limits import Limit
from .gateways.gateway import RecordedRequest
from .sandbox import Sandbox

__all__ = ["Fault", "Limit", "NotFound", "RecordedRequest", "Refused", "Sandbox", "SandboxError"]
