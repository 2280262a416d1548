"""Retrieval as LangChain's `BaseRetriever`, so that it fits into anybody's chain."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangchainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from coach.domain.model import Document, Passage

Search = Callable[[str], Sequence[tuple[Passage, Document]]]


class CoachRetriever(BaseRetriever):
    """Cases and guidelines near a text, best first.

    Attributes:
        search: from a text to passages with their documents. It knows whose rights it searches with;
            `bootstrap.as_retriever` makes one.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    search: Search

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain's signature
    ) -> list[LangchainDocument]:
        return [_converted(passage, document) for passage, document in self.search(query)]


def _converted(passage: Passage, document: Document) -> LangchainDocument:
    return LangchainDocument(
        id=document.id,
        page_content=document.body,
        metadata={
            "title": document.title,
            "kind": document.kind.value,
            "situations": list(document.situations),
            "outcome": document.outcome.value if document.outcome else None,
            "why": passage.why,
            "score": passage.score,
        },
    )
