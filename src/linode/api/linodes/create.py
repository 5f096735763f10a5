"""Creation of Linodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Unpack, overload

from linode._model import BaseClient, Many, Steps, action, body, overloaded

from .linode import Linode
from .options import LinodeOptions, encode_user_data
from .passwords import RootPass, access, root_password, with_password

if TYPE_CHECKING:
    from ..images.images import Image
    from ..regions import Region
    from ..types import Type


class LinodesMixin(BaseClient):
    """Methods of a client for Linodes."""

    get_linodes: Many[Linode] = Many("/linode/instances")
    """Linodes of the account."""

    @overload
    def create_linode(
        self,
        type: Type | str,
        region: Region | str,
        *,
        root_pass: RootPass | Literal[False],
        image: Image | str | None = None,
        source: Image | str | None = None,
        **options: Unpack[LinodeOptions],
    ) -> Linode: ...
    @overload
    def create_linode(
        self, type: Type | str, region: Region | str, *, image: Image | str, **options: Unpack[LinodeOptions]
    ) -> tuple[Linode, str]: ...
    @overload
    def create_linode(
        self, type: Type | str, region: Region | str, *, source: Image | str, **options: Unpack[LinodeOptions]
    ) -> tuple[Linode, str]: ...
    @overload
    def create_linode(self, type: Type | str, region: Region | str, **options: Unpack[LinodeOptions]) -> Linode: ...
    @overloaded
    def create_linode(
        self,
        type: Type | str,
        region: Region | str,
        *,
        image: Image | str | None = None,
        source: Image | str | None = None,
        root_pass: RootPass | Literal[False] | None = None,
        **options: Unpack[LinodeOptions],
    ) -> tuple[Linode, str] | Linode:
        """Create a Linode of *type* in *region*, from *image* (*source* is its name of 2016) or without a disk.

        Returns the Linode; with it the generated root password, when an image is given without
        *root_pass* (7 to 128 characters). ``root_pass=False`` sets no password: ``authorized_keys`` or
        ``authorized_users`` log in then, and the Linode alone is returned. Raises TypeError when image and source are
        both given, `InvalidRequestError` when the type or the region is unknown, the image does not fit, the label is
        taken, or the password is too weak.
        """
        if image is not None and source is not None:
            raise TypeError("create_linode() takes image or source, which is its name of 2016, not both")
        image = source if image is None else image
        password = root_password(image, root_pass, options)
        made: tuple[Linode, str] | Linode = self._create_linode(
            type, region, image=image, root_pass=password, **options
        )
        return made

    @action
    def _create_linode(
        self,
        type: Type | str,
        region: Region | str,
        *,
        image: Image | str | None = None,
        root_pass: RootPass | None = None,
        **options: Unpack[LinodeOptions],
    ) -> Steps[Any]:
        json = body(type=type, region=region, **access(image, root_pass), **encode_user_data({**options}))
        linode = yield from self._creates(Linode, "/linode/instances", json)
        return with_password(linode, root_pass)
