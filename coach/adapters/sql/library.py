"""The port `Library`: shared, consented texts, in the clear because they are meant to be read."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from coach.adapters.sql.columns import fits_as_id, refuse_unstorable
from coach.adapters.sql.engine import upsert
from coach.adapters.sql.outbox import announce
from coach.adapters.sql.tables import DocumentRow, SituationRow
from coach.adapters.sql.vault import Vault
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

_BATCH = 500  # names in one IN (...)
# Ready made: every turn asks them, and putting a statement together takes longer than running it.
_ALLOWED = (
    select(DocumentRow.__table__)
    .where(DocumentRow.scope.in_(bindparam("scopes", expanding=True)))
    .order_by(DocumentRow.id)
)
_AMONG = DocumentRow.id.in_(bindparam("ids", expanding=True))
_CHOSEN = _ALLOWED.where(_AMONG)
_STANDING = (
    select(DocumentRow.id, DocumentRow.scope, DocumentRow.content_hash)
    .where(DocumentRow.scope.in_(bindparam("scopes", expanding=True)))
    .where(_AMONG)
    .order_by(DocumentRow.id)
)
_REMEMBERED = 2_000  # documents that stay taken apart, a few kilobytes each


class SqlLibrary:
    """Every change and the outbox row that tells the indexer of it are one transaction."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._read: OrderedDict[str, Document] = (
            OrderedDict()
        )  # by id; the database says whether each still holds
        self._turn = Lock()

    def put_documents(self, documents: Iterable[Document]) -> None:
        """Insert or replace by id, all of them or none; same content hash and scope changes nothing.

        Raises:
            TextRefused: a character that no database takes.
            StoreUnavailable: nothing was saved.
        """
        wanted = {document.id: document for document in documents}
        for document in wanted.values():
            _refuse_ids(document.id, document.scope, document.content_hash)
        with self._vault.writing() as connection:
            known = _known(connection, list(wanted))
            changed = [document for document in wanted.values() if _differs(document, known.get(document.id))]
            if not changed:
                return
            upsert(connection, DocumentRow, [_document_values(document) for document in changed])
            left = [(name, known[name][1]) for name in (d.id for d in changed) if name in known]
            touched = dict.fromkeys(left + [(document.id, document.scope) for document in changed])
            announce(connection, "document", touched, self._vault.clock())

    def withdraw(self, document_ids: Iterable[str]) -> None:
        """Take documents away at once; ids that are not there are passed over.

        Raises:
            StoreUnavailable: nothing was withdrawn.
        """
        names = list(dict.fromkeys(document_ids))
        with self._vault.writing() as connection:
            known = _known(connection, names)
            for document_id in known:
                connection.execute(delete(DocumentRow).where(DocumentRow.id == document_id))
            touched = [(document_id, scope) for document_id, (_, scope) in known.items()]
            announce(connection, "document", touched, self._vault.clock())
        if known:
            self._vault.database.scrub()

    def documents(self, scopes: Sequence[str], ids: Sequence[str] | None = None) -> list[Document]:
        """Documents of these scopes and of no other, by id; of these ids only, when given."""
        allowed = {"scopes": list(scopes)}
        with self._vault.reading() as connection:
            if ids is None:
                return [_document(row) for row in connection.execute(_ALLOWED, allowed)]
            names = sorted(set(ids))
            found: list[Document] = []
            for start in range(0, len(names), _BATCH):
                found += self._chosen(connection, allowed | {"ids": names[start : start + _BATCH]})
            return found

    def _chosen(self, connection: Connection, asked: Mapping[str, list[str]]) -> list[Document]:
        """Documents by id; every turn asks for some forty, and what stands as it stood is not read again."""
        standing = {row.id: (row.content_hash, row.scope) for row in connection.execute(_STANDING, asked)}
        with self._turn:
            for name in set(asked["ids"]) - set(standing):
                self._read.pop(name, None)
            known = {
                name: one
                for name in standing
                if (one := self._read.get(name)) and not _differs(one, standing[name])
            }
        missing = {"scopes": asked["scopes"], "ids": [name for name in standing if name not in known]}
        fresh = [_document(row) for row in connection.execute(_CHOSEN, missing)] if missing["ids"] else []
        known |= {one.id: one for one in fresh}
        with self._turn:
            for name, one in known.items():
                self._read[name] = one
                self._read.move_to_end(name)
            while len(self._read) > _REMEMBERED:
                self._read.popitem(last=False)
        return [known[name] for name in standing if name in known]

    def document(self, scopes: Sequence[str], document_id: str) -> Document:
        """Raises NotFound when it is not there or not in these scopes."""
        query = select(DocumentRow.__table__).where(
            DocumentRow.id == document_id, DocumentRow.scope.in_(scopes)
        )
        with self._vault.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFound("There is no such document.")
        return _document(row)

    def put_situations(self, situations: Iterable[Situation]) -> None:
        """Replace the whole vocabulary, keeping the order given; the same one again changes nothing.

        Raises:
            TextRefused: a character that no database takes.
            StoreUnavailable: the old vocabulary stands.
        """
        rows = [
            {"id": situation.id, "position": place, "content": _situation_to_json(situation)}
            for place, situation in enumerate(situations)
        ]
        with self._vault.writing() as connection:
            old = connection.execute(_all_situations()).all()
            if [tuple(row) for row in old] == [(row["id"], row["position"], row["content"]) for row in rows]:
                return
            connection.execute(delete(SituationRow))
            if rows:
                connection.execute(insert(SituationRow), rows)
            announce(connection, "situations", [("", PROGRAMME)], self._vault.clock())

    def situations(self) -> list[Situation]:
        """The vocabulary, in the order of its authors."""
        with self._vault.reading() as connection:
            return [
                _situation(row.id, json.loads(row.content)) for row in connection.execute(_all_situations())
            ]


def _all_situations() -> Any:
    return select(SituationRow.id, SituationRow.position, SituationRow.content).order_by(
        SituationRow.position
    )


def _refuse_ids(*names: str) -> None:
    if not all(fits_as_id(name) for name in names):
        raise TextRefused(
            "The id of a text is too long or holds a character that cannot be stored.", "Rename the file."
        )


def _differs(document: Document, known: tuple[str, str] | None) -> bool:
    return not document.content_hash or known != (document.content_hash, document.scope)


def _known(connection: Connection, names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Content hash and scope of those documents that are there."""
    known: dict[str, tuple[str, str]] = {}
    for start in range(0, len(names), _BATCH):
        query = select(DocumentRow.id, DocumentRow.content_hash, DocumentRow.scope).where(
            DocumentRow.id.in_(names[start : start + _BATCH])
        )
        known |= {row.id: (row.content_hash, row.scope) for row in connection.execute(query)}
    return known


def _document_values(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "kind": document.kind.value,
        "scope": document.scope,
        "title": document.title,
        "body": document.body,
        "situations": document.situations,
        "questions": document.questions,
        "outcome": None if document.outcome is None else document.outcome.value,
        "function": document.function,
        "setting": document.setting,
        "source": document.source,
        "pair": document.pair,
        "content_hash": document.content_hash,
    }


def _document(row: Any) -> Document:
    content = row._asdict()
    outcome = content["outcome"]
    content["kind"] = DocumentKind(content["kind"])
    content["outcome"] = None if outcome is None else Outcome(outcome)
    return Document(**content)


def _situation_to_json(situation: Situation) -> str:
    questions = [
        [question.text, question.lens.value, question.stage.value] for question in situation.questions
    ]
    content = {
        "family": situation.family,
        "name": situation.name,
        "description": situation.description,
        "signs": list(situation.signs),
        "questions": questions,
        "cases": list(situation.cases),
        "guidelines": list(situation.guidelines),
        "voices": list(situation.voices),
    }
    # NUL would hide behind an escape in JSON: look at the texts themselves
    _refuse_ids(situation.id)
    refuse_unstorable(
        situation.family, situation.name, situation.description, *situation.signs, *situation.voices
    )
    refuse_unstorable(
        *(question.text for question in situation.questions), *situation.cases, *situation.guidelines
    )
    return json.dumps(content, ensure_ascii=False)


def _situation(situation_id: str, content: dict[str, Any]) -> Situation:
    return Situation(
        id=situation_id,
        family=content["family"],
        name=content["name"],
        description=content["description"],
        signs=tuple(content["signs"]),
        questions=tuple(
            BankQuestion(text, Lens(lens), Stage(stage)) for text, lens, stage in content["questions"]
        ),
        cases=tuple(content["cases"]),
        guidelines=tuple(content["guidelines"]),
        voices=tuple(content.get("voices", ())),
    )
