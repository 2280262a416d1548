"""What every store promises about shared texts, through the ports alone, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coach.adapters.sql import Store
from coach.domain.model import (
    PROGRAMME,
    BankQuestion,
    Document,
    DocumentKind,
    Lens,
    Outcome,
    Situation,
    Stage,
)
from coach.errors import NotFound, TextRefused

if TYPE_CHECKING:
    from tests.integration.conftest import FakeClock, Site

UNSTORABLE = ["a\x00b", "a\ud800b", "\udfff"]


def a_document(document_id: str = "d1", scope: str = PROGRAMME, **more: object) -> Document:
    values: dict[str, object] = {"title": "T", "body": "B", "content_hash": "h1"} | more
    return Document(document_id, DocumentKind.CASE, scope, **values)  # type: ignore[arg-type]


class TestLibrary:
    def test_a_document_comes_back_whole(self, store: Store) -> None:
        document = a_document(
            situations=("a.b",),
            questions=("What, then?", "\U0001f331?"),
            outcome=Outcome.FAILED,
            function="nursing",
            setting="ward",
            source="somewhere",
            pair="d2",
        )
        store.library.put_documents([document])
        assert store.library.document([PROGRAMME], "d1") == document

    def test_documents_are_found_in_their_scopes_only(self, store: Store) -> None:
        store.library.put_documents(
            [a_document("d1"), a_document("d2", "group-1"), a_document("d3", "group-2")]
        )
        assert [d.id for d in store.library.documents([PROGRAMME, "group-2"])] == ["d1", "d3"]
        assert [d.id for d in store.library.documents([PROGRAMME], ["d2", "d1"])] == ["d1"]
        assert store.library.documents([]) == store.library.documents([PROGRAMME], []) == []
        with pytest.raises(NotFound):
            store.library.document([PROGRAMME], "d2")

    def test_the_same_content_hash_changes_nothing(self, store: Store) -> None:
        store.library.put_documents([a_document(title="first")])
        store.library.put_documents([a_document(title="second")])
        assert store.library.document([PROGRAMME], "d1").title == "first"
        store.library.put_documents([a_document(title="second", content_hash="h2")])
        assert store.library.document([PROGRAMME], "d1").title == "second"

    def test_what_another_process_changed_is_read_anew(
        self, store: Store, site: Site, clock: FakeClock
    ) -> None:
        other = site.open(clock)

        def read() -> list[str]:
            found = store.library.documents([PROGRAMME, "group-1"], ["d1", "d2", "d3"])
            return [f"{one.title} {one.scope}" for one in found]

        three = [
            a_document("d1", title="one"),
            a_document("d2", title="two"),
            a_document("d3", title="three"),
        ]
        store.library.put_documents(three)
        assert read() == read() == [f"one {PROGRAMME}", f"two {PROGRAMME}", f"three {PROGRAMME}"]
        other.library.put_documents([a_document("d1", title="new", content_hash="h2")])
        other.library.put_documents([a_document("d2", "group-1", title="two")])
        other.library.withdraw(["d3"])
        assert read() == [f"new {PROGRAMME}", "two group-1"]
        other.library.put_documents([a_document("d2", "group-2", title="two"), three[2]])
        assert read() == [f"new {PROGRAMME}", f"three {PROGRAMME}"]

    def test_every_change_tells_the_indexer_once(self, store: Store) -> None:
        store.library.put_documents([a_document("d1"), a_document("d2", "group-1")])
        store.library.put_documents([a_document("d1"), a_document("d2", "group-2")])
        store.library.withdraw(["d1", "unknown"])
        seen = [(row.kind, row.object_id, row.scope) for row in store.outbox.pending()]
        assert seen == [
            ("document", "d1", PROGRAMME),
            ("document", "d2", "group-1"),
            ("document", "d2", "group-1"),
            ("document", "d2", "group-2"),
            ("document", "d1", PROGRAMME),
        ]
        store.outbox.done([row.seq for row in store.outbox.pending()[:4]])
        assert [row.object_id for row in store.outbox.pending()] == ["d1"]
        assert [d.id for d in store.library.documents([PROGRAMME, "group-2"])] == ["d2"]

    @pytest.mark.parametrize("text", UNSTORABLE)
    def test_one_bad_document_leaves_all_of_them_out(self, store: Store, text: str) -> None:
        with pytest.raises(TextRefused):
            store.library.put_documents([a_document("d1"), a_document("d2", body=text)])
        with pytest.raises(TextRefused):
            store.library.put_documents([a_document("d1"), a_document("d2", questions=(text,))])
        with pytest.raises(TextRefused):
            store.library.put_situations([a_situation(text)])
        assert (
            store.library.documents([PROGRAMME]) == store.outbox.pending() == store.library.situations() == []
        )

    def test_an_id_that_only_one_database_takes_is_refused_on_both(self, store: Store) -> None:
        with pytest.raises(TextRefused):
            store.library.put_documents([a_document("d" * 201)])
        with pytest.raises(TextRefused):
            store.library.put_situations([a_situation("s" * 201)])
        store.library.put_documents([a_document("d" * 200)])

    def test_the_vocabulary_is_replaced_as_a_whole_and_keeps_its_order(self, store: Store) -> None:
        store.library.put_situations([a_situation("z"), a_situation("a")])
        assert store.library.situations() == [a_situation("z"), a_situation("a")]
        store.library.put_situations([a_situation("a"), a_situation("m")])
        store.library.put_situations([a_situation("a"), a_situation("m")])
        assert store.library.situations() == [a_situation("a"), a_situation("m")]
        assert [row.kind for row in store.outbox.pending()] == ["situations", "situations"]


def a_situation(slug: str) -> Situation:
    question = BankQuestion(f"What about {slug}?", Lens.SYSTEM, Stage.REFRAME)
    return Situation(f"family.{slug}", "family", slug, "described", ("sign",), (question,), ("c1",), ("g1",))
