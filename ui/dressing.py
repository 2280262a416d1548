"""The page that Gradio builds, in our clothes: our head, our header, our content security policy.

Gradio sends an almost empty document and draws it in the browser. Here the document gets the same
stylesheet and header as every other page, so that something is there from the first moment, and loses
what points at other sites.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.security import gradio_policy

_FOREIGN = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>|<link rel="manifest"[^>]*>')
_RESIZER = re.compile(
    r"<script>(?:(?!</script>).)*?iframeResizer\.contentWindow(?:(?!</script>).)*?</script>", re.DOTALL
)
_ROOT = re.compile(r'(<html\b[^>]*?)\s+lang="[^"]*"')
_BODY = re.compile(r"(<body\b[^>]*>)")


@dataclass(frozen=True, slots=True)
class Clothes:
    """HTML for three places of the document, and the language it is in."""

    head: str
    before: str
    after: str
    language: str = "en"
    direction: str = "ltr"


def dress(html: str, clothes: Clothes) -> str:
    """Gradio's document with ours around it.

    Raises:
        ValueError: the document has no head, body or language; another version of Gradio needs another
            dressing.
    """
    html = _RESIZER.sub("", _FOREIGN.sub("", html))
    whole = "</head>" in html and "</body>" in html and _BODY.search(html) and _ROOT.search(html)
    if not whole:
        raise ValueError("Gradio's page has no head, body or language to dress.")
    language = f' lang="{clothes.language}" dir="{clothes.direction}"'
    html = _ROOT.sub(lambda match: match[1] + language, html, count=1)
    html = html.replace("</head>", f"{clothes.head}</head>", 1)
    html = _BODY.sub(lambda match: match[1] + clothes.before, html, count=1)
    return html.replace("</body>", f"{clothes.after}</body>", 1)


class Dressing:
    """ASGI middleware for the one address that answers with Gradio's document.

    Args:
        path: that address.
        scheme: how browsers reach it; Gradio writes it into the document, also behind a proxy.
        clothes_for: what this visitor's document gets.
    """

    def __init__(
        self, app: ASGIApp, path: str, scheme: str, clothes_for: Callable[[Request], Clothes]
    ) -> None:
        self.app = app
        self.path = path
        self.scheme = scheme
        self.clothes_for = clothes_for

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != self.path or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        # The document must come uncompressed to be changed.
        headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await self.app(
            {**scope, "headers": headers, "scheme": self.scheme}, receive, self.tailor(scope, send)
        )

    def tailor(self, scope: Scope, send: Send) -> Send:
        start: Message = {}
        body = bytearray()

        async def change(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            body.extend(message.get("body", b""))
            if message.get("more_body", False):
                return
            content = bytes(body)
            if start["status"] == 200:
                html = dress(content.decode(), self.clothes_for(Request(scope)))
                content = html.encode()
                answer = MutableHeaders(scope=start)
                answer["content-length"] = str(len(content))
                answer["content-security-policy"] = gradio_policy(html)
            await send(start)
            await send({"type": "http.response.body", "body": content, "more_body": False})

        return change
