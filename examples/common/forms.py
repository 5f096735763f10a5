"""Forms, each of which proves that it comes from a page of this site (CSRF)."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import wtforms
from fastapi import HTTPException, Request
from starlette.concurrency import run_in_threadpool
from wtforms.csrf.session import SessionCSRF

MAX_FORM_BYTES = 64 * 1024


class Form(wtforms.Form):
    """A form of one browser's session. One without fields is a button."""

    class Meta:
        """Settings of the CSRF token; the session is passed with each form."""

        csrf = True
        csrf_class = SessionCSRF
        csrf_time_limit = None  # the session ends by itself
        csrf_context: ClassVar[Any]

    @classmethod
    def blank(cls, request: Request, **given: Any) -> Self:
        """The form to show; *given* are values to begin with."""
        form = cls(meta=_meta(request), data=given)
        form.prepare(request)
        return form

    @classmethod
    async def posted(cls, request: Request) -> Self:
        """A dependency: the form that was sent, validated; what is wrong with it is in ``errors``.

        Raises `HTTPException`: 403 when it comes from no page of this session, 413 when it is far too long, 400 for
        what no page of ours sends: files, and NUL, which PostgreSQL has no place for.
        """
        length = request.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > MAX_FORM_BYTES:
            raise HTTPException(413)
        sent = await request.form(max_files=0)
        if any("\0" in str(value) for _, value in sent.multi_items()):
            raise HTTPException(400)
        form = cls(sent, meta=_meta(request))
        await run_in_threadpool(form.prepare, request)
        form.validate()
        if form["csrf_token"].errors:
            raise HTTPException(403)
        return form

    def prepare(self, request: Request) -> None:
        """Fill in what a form can only know of a request, such as the choices of a field. It may wait."""


def _meta(request: Request) -> dict[str, Any]:
    secret = request.app.state.settings.secret_key.get_secret_value()
    return {"csrf_context": request.session, "csrf_secret": secret.encode()}
