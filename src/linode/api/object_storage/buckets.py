"""Buckets of Object Storage: access, certificates, and URLs for objects."""

from __future__ import annotations

import os
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, Unpack, overload

from linode._model import BaseClient, Bounds, Call, DeprecatedMany, ReadOnly, Steps, Struct, action, deprecated, flow
from linode._model.options import Options, body
from linode._model.relations import Many, Parent
from linode._model.resources import Entry, Resource
from linode._uploads import Source
from linode.waiting.reports import UploadProgress, upload_reporter

from .transfers import DownloadedObject, StoredObject, delete_object, download_object, download_to_file, upload_object

if TYPE_CHECKING:
    from ..regions import Region

BucketLabel: TypeAlias = Annotated[
    str, Bounds(pattern=r"^(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*(?:[.][a-z0-9]+(?:-[a-z0-9]+)*)*$")
]
EndpointType: TypeAlias = Literal["E0", "E1", "E2", "E3"]
NewBucketACL: TypeAlias = Literal["private", "public-read", "authenticated-read", "public-read-write"]
BucketACL: TypeAlias = Literal["private", "public-read", "authenticated-read", "public-read-write", "custom"]


class BucketOptions(Options, total=False):
    """Options of `create_bucket` besides the label; a region or a cluster is required."""

    region: Region | str
    cluster: str
    """Cluster, such as ``us-east-1``; superseded by the region."""
    acl: NewBucketACL
    """Access control list of the bucket; private by default."""
    cors_enabled: bool
    """Whether to allow requests from pages of other origins; True by default, and only with endpoints E0 and E1."""
    endpoint_type: EndpointType
    """Type of the endpoint; the region's first by default."""
    s3_endpoint: str
    """Host name of the endpoint; the region's first of the type by default."""


class BucketAccessOptions(Options, total=False):
    """Access to a bucket."""

    acl: BucketACL
    """Access control list."""
    cors_enabled: bool
    """Whether to allow requests from pages of other origins."""


class ObjectListOptions(Options, total=False):
    """Which objects of a bucket to list."""

    marker: str
    """Name of the object to start after: `ObjectStorageObjects.next_marker` of the part before."""
    delimiter: str
    """Character at which names are cut, to list folders; ``/`` usually."""
    prefix: str
    """Beginning of the names."""
    page_size: int
    """Number of objects; 100 by default."""


class ObjectURLOptions(Options, total=False):
    """Options of `ObjectStorageBucket.object_url` besides method and name."""

    content_type: str | None
    """Media type of the content; required except for GET and DELETE."""
    expires_in: Annotated[int, Bounds(ge=360, le=86400)] | None
    """Seconds until the URL expires; 3600 by default."""


class BucketAccess(Struct):
    """Access to a bucket."""

    acl: ReadOnly[BucketACL | str]
    """Access control list; ``custom`` when it was set by other means."""
    acl_xml: ReadOnly[str]
    """Access control list in XML."""
    cors_enabled: ReadOnly[bool | None]
    """Whether requests from pages of other origins are allowed; None with endpoints E2 and E3."""
    cors_xml: ReadOnly[str | None]
    """CORS configuration in XML; None with endpoints E2 and E3."""


class ObjectACL(Struct):
    """Access to an object."""

    acl: ReadOnly[BucketACL | str]
    """Access control list."""
    acl_xml: ReadOnly[str]
    """Access control list in XML."""


class ObjectStorageObject(Struct):
    """An object of a bucket, or a folder of objects, which has only a name."""

    name: ReadOnly[str]
    size: ReadOnly[int | None]
    """Size in bytes; None for a folder."""
    etag: ReadOnly[str | None]
    """ETag; None for a folder."""
    last_modified: ReadOnly[datetime | None]
    """Time of the last change (UTC); None for a folder."""
    owner: ReadOnly[str | None]
    """Owner; None for a folder."""


class ObjectStorageObjects(Struct):
    """A part of the objects of a bucket."""

    data: ReadOnly[list[ObjectStorageObject]]
    """Objects."""
    is_truncated: ReadOnly[bool]
    """Whether there are more."""
    next_marker: ReadOnly[str | None]
    """Name to give as ``marker`` for the next part; None for the last part."""


class ObjectURL(Struct):
    """A pre-signed URL of an object, which works without a key."""

    url: ReadOnly[str]
    """Pre-signed URL."""
    exists: ReadOnly[bool]
    """Whether the object exists."""


class BucketCertificate(Struct):
    """Whether a bucket has a certificate of its own."""

    ssl: ReadOnly[bool]
    """Whether the bucket has a TLS certificate."""


class ObjectStorageBucket(Resource):
    """A bucket, which holds objects; its label is unique in its region."""

    path = "/object-storage/buckets/{region}/{label}"
    scope = "object_storage"
    savable = False

    region: Parent[Region]
    label: ReadOnly[str]
    """Label, part of the host name."""
    cluster: ReadOnly[str]
    """Cluster, such as ``us-east-1``; superseded by the region, and empty with endpoints E2 and E3."""
    hostname: ReadOnly[str]
    """Host name of the bucket."""
    endpoint_type: ReadOnly[EndpointType | str]
    """Type of the endpoint."""
    s3_endpoint: ReadOnly[str]
    """Host name of the endpoint."""
    size: ReadOnly[int]
    """Size of all objects, in bytes."""
    objects: ReadOnly[int]
    """Number of objects."""
    created: ReadOnly[datetime]

    @action
    def access(self) -> Call[BucketAccess]:
        """Return the access to the bucket."""
        return self._gets("access", BucketAccess)

    @action
    def modify_access(self, **options: Unpack[BucketAccessOptions]) -> Call[None]:
        """Change the access to the bucket; options that are left out are reset to their defaults."""
        return self._posts("access", body(**options))

    @action
    def update_access(self, **options: Unpack[BucketAccessOptions]) -> Call[None]:
        """Change the access to the bucket; options that are left out stay as they are."""
        return self._posts("access", body(**options), method="PUT")

    @action
    def object_acl(self, name: str) -> Call[ObjectACL]:
        """Return the access to the object *name*. Raises `NotFoundError` when the bucket has none of that name."""
        return self._gets("object-acl", ObjectACL, query={"name": name})

    @action
    def update_object_acl(self, name: str, acl: BucketACL) -> Call[None]:
        """Change the access to the object *name*."""
        return self._posts("object-acl", body(name=name, acl=acl), method="PUT")

    @action
    def object_list(self, **options: Unpack[ObjectListOptions]) -> Call[ObjectStorageObjects]:
        """Return a part of the objects, in the order of their names."""
        return self._gets("object-list", ObjectStorageObjects, query=body(**options))

    @action
    def object_url(self, method: str, name: str, **options: Unpack[ObjectURLOptions]) -> Call[ObjectURL]:
        """Return a pre-signed URL for *method* (GET, PUT, DELETE, …) on the object *name*.

        It works without a key until it expires.
        """
        call = self._creates(ObjectURL, "object-url", body(method=method, name=name, **options))
        call.reads = method in ("GET", "HEAD")
        return call

    @flow
    def upload(
        self,
        source: Source,
        name: str | None = None,
        *,
        content_type: str | None = None,
        progress: UploadProgress | bool = False,
    ) -> Steps[StoredObject]:
        """Put *source* into the bucket as the object *name*: bytes, a `pathlib.Path`, or an open file.

        It is sent to a pre-signed URL, which needs no key. *name* is by default the name of the file, *content_type*
        the media type that belongs to the ending of the name. A file is read piece by piece, and from its beginning
        when the upload is repeated. *progress* is called as ``progress(sent, total)`` with numbers of bytes, True draws
        a progress bar. Returns the object with its ETag.

        Raises TypeError for bytes without a name, ValueError for more than 5 GiB, and OSError when the file cannot be
        read.
        """
        report, close = upload_reporter(self, progress)
        try:
            return (yield from upload_object(self, source, name, content_type, report))
        finally:
            close()

    @overload
    def download(
        self, name: str, path: str | os.PathLike[str], *, progress: UploadProgress | bool = False
    ) -> StoredObject: ...
    @overload
    def download(self, name: str, *, progress: UploadProgress | bool = False) -> DownloadedObject: ...
    @flow
    def download(
        self, name: str, path: str | os.PathLike[str] | None = None, *, progress: UploadProgress | bool = False
    ) -> Steps[StoredObject]:
        """Get the object *name*: ``bucket.download("report.csv").content``, or into the file *path*.

        It is fetched from a pre-signed URL, in pieces of 4 MiB, so that a large file takes no memory; the file appears
        when it is complete. *progress* is called as ``progress(received, total)`` with numbers of bytes, True draws a
        progress bar. Returns the object with its ETag and its media type. A compressed content stays compressed.

        Raises `NotFoundError` when there is no such object, `UnexpectedResponseError` when it changes meanwhile, and
        OSError when the file cannot be written.
        """
        report, close = upload_reporter(self, progress)
        try:
            return (
                yield from download_object(self, name, report)
                if path is None
                else download_to_file(self, name, path, report)
            )
        finally:
            close()

    @flow
    def delete_object(self, name: str) -> Steps[None]:
        """Delete the object *name*, through a pre-signed URL, which needs no key. Without such an object, do nothing.

        A bucket can be deleted when it holds no object.
        """
        return delete_object(self, name)

    @action
    def certificate(self) -> Call[BucketCertificate]:
        """Return whether the bucket has a TLS certificate."""
        return self._gets("ssl", BucketCertificate)

    @action
    def set_certificate(self, certificate: str, private_key: str) -> Call[BucketCertificate]:
        """Install a TLS certificate for the host name that is the bucket's label; both are in PEM.

        Raises `InvalidRequestError` when the bucket has one already, or its endpoint takes none (E2 and E3).
        """
        return self._creates(BucketCertificate, "ssl", body(certificate=certificate, private_key=private_key))

    @action
    def delete_certificate(self) -> Call[None]:
        """Remove the TLS certificate."""
        return self._posts("ssl", method="DELETE")


@deprecated("use ObjectStorageEndpoint")
class ObjectStorageCluster(Resource):
    """A cluster of Object Storage; superseded by `ObjectStorageEndpoint`."""

    path = "/object-storage/clusters/{id}"
    read_only = True
    public = True

    id: ReadOnly[str]
    region: ReadOnly[str]
    """ID of the region."""
    status: ReadOnly[Literal["available", "unavailable"] | str]
    domain: ReadOnly[str]
    """Domain of its buckets."""
    static_site_domain: ReadOnly[str]
    """Domain of its static sites."""


class ObjectStorageEndpoint(Entry):
    """An endpoint of Object Storage. The API returns endpoints in a list only."""

    scope = "object_storage"

    region: ReadOnly[str]
    """ID of the region."""
    endpoint_type: ReadOnly[EndpointType | str]
    """Type."""
    s3_endpoint: ReadOnly[str | None]
    """Host name; None while the endpoint is being built."""


class ObjectStorageBucketsMixin(BaseClient):
    """Methods of a client for buckets."""

    get_buckets: Many[ObjectStorageBucket] = Many("/object-storage/buckets")
    """Buckets of the account; those of one region are `Region.buckets`."""
    get_object_storage_clusters: DeprecatedMany[ObjectStorageCluster] = DeprecatedMany(
        "/object-storage/clusters", "use get_object_storage_endpoints"
    )
    """Clusters; superseded by endpoints."""
    get_object_storage_endpoints: Many[ObjectStorageEndpoint] = Many("/object-storage/endpoints")
    """Endpoints."""

    @action
    def create_bucket(self, label: BucketLabel, **options: Unpack[BucketOptions]) -> Call[ObjectStorageBucket]:
        """Create a bucket and return it; a bucket that the account has already is returned unchanged.

        Raises `InvalidRequestError` when the label is not valid, or neither region nor cluster is given.
        """
        return self._creates(ObjectStorageBucket, "/object-storage/buckets", body(label=label, **options))

    @action
    def cancel_object_storage(self) -> Call[None]:
        """Cancel Object Storage: delete all buckets with their objects, and all keys."""
        return self._posts("/object-storage/cancel")
