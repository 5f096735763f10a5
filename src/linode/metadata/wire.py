"""The wire of the Metadata service: the headers of its requests; its responses are like those of the API."""

from __future__ import annotations

from typing import Any

from linode._http.transport import Request, Response
from linode._http.v4 import Wire
from linode._model import Call

__all__ = ["USER_DATA", "MetadataWire"]

USER_DATA = "/user-data"


class MetadataWire(Wire):
    """Encodes requests to the service at *base_url*; new tokens are valid for *token_seconds*."""

    def __init__(self, base_url: str, token_seconds: int) -> None:
        super().__init__(base_url, None)
        self.token_seconds = token_seconds

    def request(self, call: Call[Any]) -> Request:
        """The HTTP request for *call*; one without a token asks for a token."""
        headers = {
            "Accept": "text/plain" if call.shape is bytes else "application/json",
            "User-Agent": self._user_agent,
        }
        if call.token is None:
            headers["Metadata-Token-Expiry-Seconds"] = str(self.token_seconds)
        else:
            headers["Metadata-Token"] = call.token
        return Request(call.method, self.base_url + call.path, headers)

    def answer(self, call: Call[Any], response: Response) -> Any:
        """The content of *response* in the shape of *call*. Raises the errors of the API.

        A Linode without user data may get 404 for it, or an empty response: which of the two is not on record.
        """
        return b"" if response.status == 404 and call.path == USER_DATA else super().answer(call, response)
