"""From a member's reflections to the themes they may offer their group, and from offers to its topics.

Nothing is stored and no page is drawn here. Where the yes of a member is kept, when a period ends, and who
sees its snapshot come with the issue that brings topics to the facilitator; until then `coach eval` is the
only caller. The rule itself is in coach/domain/topics.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coach.domain.topics import FLOOR, Offer, Period, next_period
from coach.ports import Embedder, Screener
from coach.services.reading import embedded_sentences, read
from coach.services.retrieve import Retriever


class TopicService:
    """Proposes to members, works out periods; keeps nothing."""

    def __init__(self, embedder: Embedder, screener: Screener, retriever: Retriever) -> None:
        """
        Args:
            embedder, screener, retriever: those that answer reflections, so that a member is offered the very
                situations that were named beside their text.
        """
        self._embedder = embedder
        self._screener = screener
        self._retriever = retriever

    def near(self, text: str) -> tuple[str, ...]:
        """The themes of one reflection.

        Args:
            text: a cleaned text, not empty.

        Returns:
            Ids of the situations near to it, at most five, the likeliest first. None for a text that is about
            something else, and none for one that is answered with a signpost: it stays with its author.
        """
        reading = read(text, self._embedder)
        sentences = embedded_sentences(list(reading.sentences))
        if self._screener.screen(text, sentences, reading.parts).flag:
            return ()
        # In no scope: only the vocabulary is asked, no document.
        return tuple(hit.id for hit in self._retriever.find(reading, ()).situations)

    def proposals(self, member_id: str, texts: Sequence[str]) -> tuple[Offer, ...]:
        """What a member may be asked about: "may this be suggested to your group?"

        Args:
            member_id: whose reflections these are; nobody else may see the result.
            texts: cleaned, not empty.

        Returns:
            One offer a theme, in the vocabulary's order, each without consent: only the member gives that.
        """
        found = {theme for text in texts for theme in self.near(text)}
        return tuple(Offer(member_id, theme) for theme in self._retriever.vocabulary() if theme in found)

    def next_period(
        self, previous: Period | None, offers: Iterable[Offer], active: int, least: int = FLOOR
    ) -> Period:
        """The next period of a group, by the vocabulary now in force.

        Args:
            previous: the period before; None for a group's first.
            offers: of the active members, with the consent they gave.
            active: how many active members the group has.
            least: the programme's own threshold, 3 or more.

        Raises:
            ValueError: see `coach.domain.topics.next_period`.
        """
        return next_period(previous, offers, active, tuple(self._retriever.vocabulary()), least)
