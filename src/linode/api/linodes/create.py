"""Creation of Linodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Unpack, overload

from linode._model import LOCAL, BaseClient, Many, Steps, action, body

from .deploy import NoPassword, RootPass, root_access, with_generated_password
from .linode import Linode
from .options import LinodeOptions, encode_user_data

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
        root_pass: RootPass | NoPassword,
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
    @action
    def create_linode(
        self,
        type: Type | str,
        region: Region | str,
        *,
        image: Image | str | None = None,
        source: Annotated[Image | str | None, LOCAL] = None,
        root_pass: RootPass | NoPassword | None = None,
        **options: Unpack[LinodeOptions],
    ) -> Steps[tuple[Linode, str] | Linode]:
        """Create a Linode of *type* in *region*, from *image* (*source* is its name of 2016) or without a disk.

        Returns the Linode; with it the generated root password, when an image is given without
        *root_pass* (7 to 128 characters). ``root_pass=False`` sets no password: ``authorized_keys`` or
        ``authorized_users`` log in then, and the Linode alone is returned. Raises TypeError when image and source are
        both given, `InvalidRequestError` when the type or the region is unknown, the image does not fit, the label is
        taken, or the password is too weak.
        """
        if image is not None and source is not None:
            raise TypeError("create_linode() takes image or source, which is its name of 2016, not both")
        access, generated = root_access(source if image is None else image, root_pass, options)
        json = body(type=type, region=region, **access, **encode_user_data({**options}))
        return with_generated_password(self._creates(Linode, "/linode/instances", json), generated)
