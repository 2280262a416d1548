"""People's words as HTML in which nothing is alive.

Two kinds of text reach a page. What members and models wrote is shown letter by letter: every character
that HTML, Markdown, TeX or Gradio could read as a sign becomes a numeric entity, also inside gr.Markdown.
What curators published (cases, guidelines, signposts) is a small Markdown without HTML and images.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markupsafe import Markup

from coach.domain.model import Document
from coach.services.journal import found_in

_SIGNS = re.compile(r"[!-/:-@\[-`{-~]")  # the 32 signs of ASCII
_PARAGRAPHS = re.compile(r"\n\s*\n")
_SPACES = re.compile(r"\s+")


def inert(text: str) -> Markup:
    """One run of text on one line."""
    folded = _SPACES.sub(" ", text)
    return Markup(_SIGNS.sub(_entity, folded))  # noqa: S704 every sign was just replaced


def paragraphs(text: str) -> Markup:
    """A text with its paragraphs and line ends, on one line of HTML.

    A paragraph takes its direction from its own first letter (`dir="auto"`), so Arabic and English may mix.
    """
    blocks = (block for block in _PARAGRAPHS.split(text) if block.strip())
    html = "".join(
        '<p dir="auto">' + "<br>".join(str(inert(line)) for line in block.strip().split("\n")) + "</p>"
        for block in blocks
    )
    return Markup(html)  # noqa: S704 built from inert() and our own tags


def marked(text: str, words: str) -> Markup:
    """Like `inert`, with the searched words in <mark>."""
    html, done = "", 0
    for start, end in found_in(text, words):
        html += f"{inert(text[done:start])}<mark>{inert(text[start:end])}</mark>"
        done = end
    return Markup(f"{html}{inert(text[done:])}")  # noqa: S704 built from inert() and our own tags


def snippet(text: str, words: str, width: int = 220) -> str:
    """The part of a text around the first searched word; `width` is in characters."""
    places = found_in(text, words)
    first = places[0][0] if places else 0
    start = max(0, first - width // 3)
    end = min(len(text), start + width)
    if start:
        start = text.find(" ", start, first) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", first, end), first + 1) if " " in text[first:end] else end
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")


def published(markdown: str) -> Markup:
    """A curator's Markdown as HTML on one line: headings, paragraphs, lists, emphasis, quotes, safe links."""
    reader = MarkdownIt("commonmark", {"html": False})
    reader.disable(["image", "html_block", "html_inline", "code", "fence"])
    html = reader.render(markdown)
    return Markup(html.replace("\n", " "))  # noqa: S704 markdown-it escapes text and drops unsafe addresses


def not_in_body(document: Document) -> list[str]:
    """The questions of a document that its text does not hold already, so that a page says none twice."""
    body = _SPACES.sub(" ", document.body)
    return [question for question in document.questions if _SPACES.sub(" ", question) not in body]


def one_line(html: str) -> str:
    """HTML without line ends: inside gr.Markdown an empty line would wake the Markdown reader again."""
    return _SPACES.sub(" ", html).strip()


def sentence(text: str) -> str:
    """With a capital at its head and a full stop at its end."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".?!…" else ".")


def _entity(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"
