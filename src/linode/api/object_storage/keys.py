"""Access keys and quotas of Object Storage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

from linode._model import BaseClient, Call, Entry, Field, Many, Options, ReadOnly, Resource, Struct, action, body

from ..types import _UsagePriceFields

if TYPE_CHECKING:
    from ..regions import Region


class NewKeyBucketAccess(TypedDict, total=False):
    """A bucket that a limited key can use."""

    region: Region | str
    """Region of the bucket."""
    cluster: str
    """Cluster of the bucket; superseded by the region."""
    bucket_name: str
    """Label of the bucket, which need not exist."""
    permissions: Literal["read_write", "read_only"]


class ObjectStorageKeyOptions(Options, total=False):
    """Options of `create_object_storage_key`."""

    label: str
    regions: Sequence[Region | str]
    """Regions in which the key is valid; all by default."""
    bucket_access: Sequence[NewKeyBucketAccess]
    """Buckets that the key is limited to; their regions are added."""


class KeyBucketAccess(Struct):
    """A bucket that a limited key can use."""

    region: ReadOnly[str]
    """ID of the region."""
    cluster: ReadOnly[str]
    """Cluster; superseded by the region."""
    bucket_name: ReadOnly[str]
    """Label of the bucket."""
    permissions: ReadOnly[Literal["read_write", "read_only", "none"] | str]


class KeyRegion(Struct):
    """A region in which a key is valid."""

    id: ReadOnly[str]
    """ID of the region."""
    endpoint_type: ReadOnly[Literal["E0", "E1", "E2", "E3"] | str]
    """Type of the endpoint."""
    s3_endpoint: ReadOnly[str]
    """Host name of the endpoint."""


class ObjectStorageKey(Resource):
    """An access key of Object Storage. Deleting it revokes it."""

    path = "/object-storage/keys/{id}"
    scope = "object_storage"

    id: ReadOnly[int]
    label: Field[str]
    access_key: ReadOnly[str]
    """Access key ID."""
    secret_key: ReadOnly[str]
    """Secret access key: in the response to its creation only, ``[REDACTED]`` afterwards."""
    limited: ReadOnly[bool]
    """Whether the key is limited to buckets."""
    bucket_access: ReadOnly[list[KeyBucketAccess] | None]
    """Buckets that the key is limited to; None for an unlimited key."""
    regions: ReadOnly[list[KeyRegion]]
    """Regions in which the key is valid."""

    @action
    def set_regions(self, regions: Sequence[Region | str]) -> Call[ObjectStorageKey]:
        """Replace the regions in which the key is valid; returns the key."""
        return Call("PUT", self.url, body(regions=list(regions)), read=self._merge)


class ObjectStorageQuotaUsage(Struct):
    """Usage of a quota."""

    quota_limit: ReadOnly[int]
    """Maximum."""
    usage: ReadOnly[int | None]
    """Usage; None when it is not known."""


class ObjectStorageQuota(Resource):
    """A quota of the account at an endpoint."""

    path = "/object-storage/quotas/{quota_id}"
    scope = "object_storage"
    filterable = ("quota_name", "s3_endpoint")
    read_only = True

    quota_id: ReadOnly[str]
    """ID."""
    quota_name: ReadOnly[
        Literal[
            "Number of Objects",
            "Number of Buckets",
            "Total Capacity",
            "Ingress Throughput (per endpoint)",
            "Egress Throughput (per endpoint)",
            "Ingress Throughput (per IP)",
            "Egress Throughput (per IP)",
        ]
        | str
    ]
    """Name."""
    quota_type: ReadOnly[str]
    """Type."""
    description: ReadOnly[str]
    endpoint_type: ReadOnly[Literal["E0", "E1", "E2", "E3"] | str]
    """Type of the endpoint."""
    s3_endpoint: ReadOnly[str]
    """Host name of the endpoint."""
    quota_limit: ReadOnly[int]
    """Maximum, in units of the metric."""
    resource_metric: ReadOnly[Literal["bucket", "object", "byte", "byte_per_second"] | str]
    """Metric."""
    has_usage: ReadOnly[bool]
    """Whether the usage can be read."""

    @action
    def usage(self) -> Call[ObjectStorageQuotaUsage]:
        """Return the usage. Raises `ApiError` for a quota without usage."""
        return self._gets("usage", ObjectStorageQuotaUsage)


class ObjectStorageGlobalQuota(Resource):
    """A quota of the account over all endpoints."""

    path = "/object-storage/global-quotas/{quota_id}"
    scope = "object_storage"
    filterable = ("quota_name",)
    read_only = True

    quota_id: ReadOnly[str]
    """ID."""
    quota_name: ReadOnly[str]
    """Name."""
    quota_type: ReadOnly[str]
    """Type."""
    description: ReadOnly[str]
    quota_limit: ReadOnly[int]
    """Maximum, in units of the metric."""
    resource_metric: ReadOnly[str]
    """Metric."""
    has_usage: ReadOnly[bool]
    """Whether the usage can be read."""

    @action
    def usage(self) -> Call[ObjectStorageQuotaUsage]:
        """Return the usage. Raises `ApiError` for a quota without usage."""
        return self._gets("usage", ObjectStorageQuotaUsage)


class ObjectStorageRegionTransfer(Struct):
    """Outbound transfer of one region in this month."""

    id: ReadOnly[str]
    """ID of the region."""
    used: ReadOnly[int]
    """Transfer used."""
    quota: ReadOnly[int]
    """Transfer included."""
    billable: ReadOnly[int]
    """Transfer to be billed."""


class ObjectStorageTransfer(Struct):
    """Outbound transfer of Object Storage in this month."""

    used: ReadOnly[int]
    """Bytes transferred."""
    region_transfers: ReadOnly[list[ObjectStorageRegionTransfer]]
    """Transfer of regions with quotas of their own."""


class ObjectStorageType(_UsagePriceFields, Entry):
    """A kind of Object Storage, with its price. The API returns kinds in a list only."""

    public = True
    filterable = ("label", "price.hourly", "price.monthly", "transfer")


class ObjectStorageKeysMixin(BaseClient):
    """Methods of a client for access keys and quotas of Object Storage."""

    get_object_storage_keys: Many[ObjectStorageKey] = Many("/object-storage/keys")
    """Access keys of the account."""
    get_object_storage_quotas: Many[ObjectStorageQuota] = Many("/object-storage/quotas")
    """Quotas of the account at each endpoint."""
    get_object_storage_global_quotas: Many[ObjectStorageGlobalQuota] = Many("/object-storage/global-quotas")
    """Quotas of the account over all endpoints."""
    get_object_storage_types: Many[ObjectStorageType] = Many("/object-storage/types")
    """Kinds of Object Storage on sale."""

    @action
    def create_object_storage_key(self, **options: Unpack[ObjectStorageKeyOptions]) -> Call[ObjectStorageKey]:
        """Create an access key and return it; no later response contains its secret."""
        return self._creates(ObjectStorageKey, "/object-storage/keys", body(**options))

    @action
    def object_storage_transfer(self) -> Call[ObjectStorageTransfer]:
        """Return the outbound transfer of this month."""
        return self._gets("/object-storage/transfer", ObjectStorageTransfer)
