"""Headers and checks that hold for every page."""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coach.settings import origin_of

_COMMON = (
    "default-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "frame-src 'none'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; "
)
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})  # three names of one place
_PORT = re.compile(r":\d+$")


# The policy of our own pages: no inline script, no inline style.
PAGE_POLICY = _COMMON + "script-src 'self'; style-src 'self'"


def gradio_policy(html: str) -> str:
    """The policy of the page that Gradio builds: its inline scripts by hash, its inline styles allowed.

    Args:
        html: the page as it will be sent; Gradio's configuration stands in an inline script, so the
            hashes differ from answer to answer.
    """
    hashes = " ".join(f"'sha256-{_sha256(script)}'" for script in _INLINE_SCRIPT.findall(html))
    return _COMMON + f"script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'"


def _sha256(script: str) -> str:
    # A browser reads CR LF as LF before it hashes.
    normal = script.replace("\r\n", "\n").replace("\r", "\n")
    return base64.b64encode(hashlib.sha256(normal.encode()).digest()).decode()


def origins_of(base_url: str) -> frozenset[str]:
    """The origins that are this program: the base URL's, and on loopback every name of the machine.

    Raises:
        ValueError: the base URL is not one of a host alone; see `coach.settings.origin_of`.
    """
    parts = urlsplit(origin_of(base_url))
    port = f":{parts.port}" if parts.port else ""
    return frozenset(f"{parts.scheme}://{host}{port}" for host in hosts_of(base_url))


def hosts_of(base_url: str) -> frozenset[str]:
    """The host names under which this program answers; any other may be a rebinding attack.

    An IPv6 address keeps its brackets: so it stands in a Host header, and so Starlette compares it.
    """
    host = _PORT.sub("", urlsplit(origin_of(base_url)).netloc)
    return _LOOPBACK if host in _LOOPBACK else frozenset({host})


class SecurityHeaders:
    """Sets what every answer must carry, unless the page has set something stricter itself."""

    def __init__(self, app: ASGIApp, secure: bool, cacheable: tuple[str, ...]) -> None:
        self.app = app
        self.cacheable = cacheable  # path prefixes of files without anybody's words
        self.headers = {
            "content-security-policy": PAGE_POLICY,
            "x-content-type-options": "nosniff",
            # "no-referrer" would make browsers send "Origin: null" with our own forms
            "referrer-policy": "same-origin",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
            "x-frame-options": "DENY",
        }
        if secure:
            self.headers["strict-transport-security"] = "max-age=63072000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                # Files may be kept, but are asked for again each time: a new version shows at once.
                cacheable = scope["path"].startswith(self.cacheable)
                headers["cache-control"] = "no-cache" if cacheable else "no-store"
            await send(message)

        await self.app(scope, receive, with_headers)


class SameOrigin:
    """Refuses a changing request that another site's page sent.

    A second Origin or Host is refused as well: whoever stands in front may have looked at the other one.
    Browsers say where a request comes from (`Origin`, `Sec-Fetch-Site`); a request that says neither is
    no page's doing and carries no cookie that its sender does not already hold.
    """

    def __init__(self, app: ASGIApp, origins: frozenset[str], refusal: str) -> None:
        self.app = app
        self.origins = origins
        self.refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] == "http" and not self.allows(scope):
            await PlainTextResponse(self.refusal, 403)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def allows(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        if any(len(headers.getlist(name)) > 1 for name in ("origin", "host")):
            return False
        origin = headers.get("origin")
        if origin is not None and origin not in self.origins:
            return False
        if scope["method"] in _SAFE_METHODS:
            return True
        return headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
