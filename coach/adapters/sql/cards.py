"""Cards, and the names a member writes about: private until their owner approves, and sealed always."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import bindparam, insert, select, update

from coach.adapters.crypto import DataKey, Place, SealBroken
from coach.adapters.sql.columns import refuse_unstorable
from coach.adapters.sql.engine import upsert
from coach.adapters.sql.faults import Clash
from coach.adapters.sql.matrices import matrix_from_bytes, matrix_to_bytes
from coach.adapters.sql.tables import CardRow, RosterRow
from coach.adapters.sql.vault import Vault
from coach.domain.model import Card
from coach.errors import NotFound
from coach.ports import Matrix

# Statements of every turn stand here ready made: putting one together takes longer than running it.
_APPROVED = (
    select(CardRow.__table__)
    .where(CardRow.scope.in_(bindparam("scopes", expanding=True)), CardRow.approved.is_(True))
    .order_by(CardRow.seq)
)
_ROSTER = select(RosterRow.sealed).where(RosterRow.member_id == bindparam("member_id"))


class CardPart:
    """The part of `People` about cards and rosters."""

    _vault: Vault

    def put_card(self, card: Card, vector: Sequence[float]) -> None:
        """Insert a card or replace the owner's own one of the same id.

        Args:
            card: its owner must be a member.
            vector: of its lines, unit length.

        Raises:
            NotFound: no such member, or the id is another member's card.
            TextRefused: a character that no database takes.
        """
        refuse_unstorable(card.id, card.scope, card.lines, card.hint, *card.situations)
        matrix = np.asarray([vector], dtype=np.float32)
        values = {"scope": card.scope, "approved": card.approved}
        try:
            with self._vault.writing() as connection:
                key = self._vault.keys.key_of(connection, card.owner_id)
                values["sealed"] = key.seal(_card_to_json(card), _place("sealed", card.id, card.owner_id))
                values["vector"] = key.seal(matrix_to_bytes(matrix), _place("vector", card.id, card.owner_id))
                mine = (CardRow.id == card.id, CardRow.owner_id == card.owner_id)
                if connection.execute(update(CardRow).where(*mine).values(**values)).rowcount == 0:
                    connection.execute(insert(CardRow), {"id": card.id, "owner_id": card.owner_id, **values})
        except Clash:
            pass
        else:
            return
        raise NotFound("There is no such card.")

    def cards(self, scopes: Sequence[str]) -> list[tuple[Card, Matrix]]:
        """Approved cards of these scopes with their vectors, (1, dimensions) each, oldest first.

        Raises:
            SealBroken: a row was damaged, moved, or widened by somebody else than its owner.
        """
        with self._vault.reading() as connection:
            rows = connection.execute(_APPROVED, {"scopes": list(scopes)}).all()
            keys = self._vault.keys.keys_of(connection, [row.owner_id for row in rows])
            found = [(row, keys[row.owner_id]) for row in rows if row.owner_id in keys]
            return [(_card(row, key), _card_vector(row, key)) for row, key in found]

    def cards_of(self, member_id: str) -> list[Card]:
        """A member's own cards, approved or not, oldest first. Raises SealBroken."""
        mine = select(CardRow.__table__).where(CardRow.owner_id == member_id).order_by(CardRow.seq)
        with self._vault.reading() as connection:
            rows = connection.execute(mine).all()
            keys = self._vault.keys.keys_of(connection, [member_id])
            return [_card(row, keys[member_id]) for row in rows if member_id in keys]

    def roster(self, member_id: str) -> list[str]:
        """Names of people this member writes about, as they gave them; none for an unknown member."""
        with self._vault.reading(member_id) as connection:
            sealed = connection.execute(_ROSTER, {"member_id": member_id}).scalar_one_or_none()
            if sealed is None:
                return []
            opened = self._vault.keys.key_of(connection, member_id).open(sealed, _roster_place(member_id))
        return [str(name) for name in json.loads(opened)]

    def set_roster(self, member_id: str, names: Sequence[str]) -> None:
        """Replace the names. Raises NotFound, and TextRefused for a character that no database takes."""
        refuse_unstorable(*names)
        with self._vault.writing(member_id) as connection:
            key = self._vault.keys.key_of(connection, member_id)
            sealed = key.seal(json.dumps(list(names)).encode(), _roster_place(member_id))
            upsert(connection, RosterRow, {"member_id": member_id, "sealed": sealed})


def _card_to_json(card: Card) -> bytes:
    content = {
        "lines": card.lines,
        "hint": card.hint,
        "situations": list(card.situations),
        "scope": card.scope,
        "approved": card.approved,
    }
    return json.dumps(content).encode()


def _card(row: Any, key: DataKey) -> Card:
    place = _place("sealed", row.id, row.owner_id)
    content = json.loads(key.open(row.sealed, place))
    if (content["scope"], content["approved"]) != (row.scope, row.approved):
        raise SealBroken(place)  # the columns serve the query; what the owner agreed to is sealed
    return Card(
        id=row.id,
        owner_id=row.owner_id,
        lines=content["lines"],
        situations=tuple(content["situations"]),
        scope=row.scope,
        approved=row.approved,
        hint=content["hint"],
    )


def _card_vector(row: Any, key: DataKey) -> Matrix:
    return matrix_from_bytes(key.open(row.vector, _place("vector", row.id, row.owner_id)))


def _place(column: str, card_id: str, owner_id: str) -> Place:
    return Place("card", column, card_id, owner_id)


def _roster_place(member_id: str) -> Place:
    return Place("roster", "sealed", member_id, member_id)
