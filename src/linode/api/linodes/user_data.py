"""User data for cloud-init, in the form the API takes."""

from __future__ import annotations

import base64
import binascii
from typing import Any

__all__: list[str] = []


def encode_user_data(options: dict[str, Any]) -> dict[str, Any]:
    """Return *options* with ``metadata["user_data"]`` in base64; text that is base64 already stays as it is."""
    metadata = options.get("metadata")
    if not isinstance(metadata, dict) or not isinstance(data := metadata.get("user_data"), (str, bytes)):
        return options
    return {**options, "metadata": {**metadata, "user_data": _base64(data)}}


def _base64(data: str | bytes) -> str:
    if isinstance(data, str):
        if _is_base64(data):
            return data
        data = data.encode()
    return base64.b64encode(data).decode("ascii")


def _is_base64(text: str) -> bool:
    """Whether *text* is base64. Scripts and cloud-config never are: they begin with ``#``."""
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
