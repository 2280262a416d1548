"""Versions of the prompts on disk: whole folders, written once and never changed.

A draft is a version with one text changed. It is checked as the program itself checks prompts before it is
taken in, so that whatever lies here can be run and be activated.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from coach.adapters.active_prompts import AS_DELIVERED, FOLDER, digest_of, version_folder
from coach.adapters.embedded_prompts import read_embedded
from coach.adapters.prompt_files import SUFFIX, Prompt, parse_prompt, read_prompt
from coach.adapters.safe_yaml import unwanted_line
from coach.adapters.signpost_files import read_signposts
from coach.bundled import bundled
from coach.errors import NotFound, Sentence, StoreUnavailable, UserError
from coach.settings import Settings
from evals.arms import check_changelogs
from evals.pages.asked import Rejected, mark_of, new_questions, rejected
from evals.pages.raising import LONGEST_WHY, raised
from evals.pages.texts import PromptView, views
from evals.pages.yaml_faults import fault_of, first_change, told

CARD = "card.json"  # beside the folders: <version>.card.json
NAMED = 16  # hexadecimal digits of its hash in the name of a version
REMEMBERED = 32  # versions whose texts stay read
LONGEST_TEXT = 200_000  # characters of one prompt file
_GONE = ".gone-"


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a version beside its files.

    Attributes:
        version: its name: a moment and the start of its hash.
        made_by: id of the evaluator.
        made_at: ISO, UTC.
        made_from: the version whose text was changed.
        file: the file that was changed.
    """

    version: str
    made_by: str
    made_at: str
    made_from: str
    file: str

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


class DraftRefused(UserError):
    """The text of a draft cannot be taken; `code` names the sentence, "" when the message is one."""

    def __init__(self, message: str = "", code: str = "") -> None:
        super().__init__(message)
        self.code = code


class DraftDoubted(UserError):
    """A draft that could be taken holds new questions that would not be asked; its writer is told first."""

    def __init__(self, questions: Sequence[Rejected]) -> None:
        super().__init__("")
        self.questions = tuple(questions)


class Shelf:
    """The versions of one programme."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._home = settings.home
        self._read: dict[str, tuple[PromptView, ...]] = {}  # hash of a folder -> what was read of it
        self._lock = threading.Lock()

    def folder(self, version: str) -> Path:
        """Where the files of a version lie; AS_DELIVERED are those of the setting or of the program.

        Raises:
            NotFound: there is no such version.
        """
        if version == AS_DELIVERED:
            return self._settings.prompts or bundled("prompts")
        try:
            folder = version_folder(self._home, version)
        except UserError:
            raise NotFound("There is no such version of the prompts.") from None
        if not folder.is_dir():
            raise NotFound("There is no such version of the prompts.")
        return folder

    def is_whole(self, version: str) -> bool:
        """Whether the files of a version are those it was made with. Raises NotFound."""
        folder = self.folder(version)
        return version == AS_DELIVERED or digest_of(folder)[:NAMED] == version.rpartition("-")[2]

    def cards(self) -> list[Card]:
        """Every version that somebody made, newest first."""
        found = [_card(file) for file in (self._home / FOLDER).glob(f"*.{CARD}")]
        cards = [card for card in found if card and (self._home / FOLDER / card.version).is_dir()]
        return sorted(cards, key=lambda card: card.made_at, reverse=True)

    def card(self, version: str) -> Card | None:
        """The card of a version; None for AS_DELIVERED.

        Raises:
            NotFound: there is no such version.
        """
        self.folder(version)
        return None if version == AS_DELIVERED else _card(self._home / FOLDER / f"{version}.{CARD}")

    def views(self, version: str) -> tuple[PromptView, ...]:
        """Every prompt of a version; read once for each content.

        Raises:
            NotFound: there is no such version.
            UserError: a prompt file is not right.
        """
        folder = self.folder(version)
        digest = digest_of(folder)
        with self._lock:
            if digest not in self._read:
                if len(self._read) >= REMEMBERED:
                    self._read.pop(next(iter(self._read)))
                self._read[digest] = views(folder)
            return self._read[digest]

    def view(self, version: str, file: str) -> PromptView:
        """One prompt of a version. Raises NotFound when no such version has a prompt file of that name."""
        for view in self.views(version):
            if view.file == file:
                return view
        raise NotFound("There is no such prompt.")

    def text(self, version: str, file: str) -> str:
        """The text of one prompt file.

        Raises:
            NotFound: no such version, or no prompt file of that name in it.
        """
        return (self.folder(version) / self.view(version, file).file).read_text(encoding="utf-8")

    def draft(
        self,
        base: str,
        file: str,
        text: str,
        member_id: str,
        why: str = "",
        kind: str = "patch",
        seen: str = "",
    ) -> Card:
        """Take in a new version: the files of another one, with one text changed.

        Args:
            base: the version it is made from.
            file: which of its files is changed.
            text: of that file; the line ends of a browser's form are mended.
            member_id: who made it.
            why: what was changed and why; it becomes a line of the list of changes where the text has the
                version that it had. "" leaves both to the text.
            kind: "patch" or "minor": how the version is raised then.
            seen: the mark of the rejected questions that the writer was told of (`asked.mark_of`).

        Returns:
            Its card. The version is on the shelf and nothing else happened.

        Raises:
            NotFound: no such base or file.
            DraftRefused: the text cannot be used; it says where and why.
            DraftDoubted: it can, but the rubric rejects new questions in it that are not in `seen`.
            StoreUnavailable: it could not be kept.
        """
        before = self.text(base, file)
        text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
        if len(text) > LONGEST_TEXT:
            raise DraftRefused(code="too_long")
        if len(why) > LONGEST_WHY:
            raise DraftRefused(code="long_why")
        place = self._home / FOLDER
        try:
            place.mkdir(parents=True, exist_ok=True)
            work = Path(tempfile.mkdtemp(prefix=".draft-", dir=place))
        except OSError as fault:
            raise _not_kept() from fault
        try:
            folder = work / "prompts"
            shutil.copytree(self.folder(base), folder)
            _check_form(file, text, before)
            if why.strip():
                old = self.view(base, file).version
                text = raised(file, text, old, kind, why, date.today())
            check_text(file, text, before)
            (folder / file).write_text(text, encoding="utf-8")
            check_folder(folder)
            _check_new(self.view(base, file), views(folder))
            doubts = rejected(new_questions(self.folder(base), folder))
            if doubts and mark_of(doubts) != seen:
                raise DraftDoubted(doubts)
            return self._keep(folder, Card("", member_id, datetime.now(UTC).isoformat(), base, file))
        except OSError as fault:
            raise _not_kept() from fault
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def discard(self, version: str) -> None:
        """Destroy the files of a version. That it may be destroyed is for the caller to know.

        Raises:
            NotFound: there is no such version.
            StoreUnavailable: some of it is still there. Either it can be tried again, or it is off the
                shelf and goes with the next version that is thrown away.
        """
        folder, home = self.folder(version), self._home / FOLDER
        if version == AS_DELIVERED:
            raise NotFound("There is no such version of the prompts.")
        try:
            # At once: no half version is ever on the shelf.
            folder.rename(home / f"{_GONE}{uuid.uuid4().hex}")
            (home / f"{version}.{CARD}").unlink(missing_ok=True)
            for gone in home.glob(f"{_GONE}*"):  # also what an earlier time could not remove
                shutil.rmtree(gone)
        except OSError as fault:
            raise StoreUnavailable(
                "The draft could not be thrown away.", "Please check the data folder's rights and space."
            ) from fault

    def _keep(self, folder: Path, card: Card) -> Card:
        version = f"{card.at:%Y%m%d-%H%M%S}-{digest_of(folder)[:NAMED]}"
        card = Card(version, card.made_by, card.made_at, card.made_from, card.file)
        home = self._home / FOLDER
        beside = home / f"{version}.{CARD}"
        if (home / version).exists():  # the same text within a second: somebody pressed the button twice
            return card
        beside.write_text(json.dumps(asdict(card)) + "\n", encoding="utf-8")
        try:
            folder.rename(home / version)
        except OSError:
            with suppress(OSError):
                beside.unlink()
            raise
        return card


def check_text(file: str, text: str, before: str) -> None:
    """Refuse what must not even be read: anchors in YAML, and prompts with other inputs or outputs.

    The program fills the inputs and reads the outputs; a text alone cannot change either.

    Raises:
        DraftRefused: says where and why.
    """
    if not text.strip():
        raise DraftRefused(code="empty")
    if any(0xD800 <= ord(one) <= 0xDFFF or one == "\0" for one in text):
        raise DraftRefused(code="unreadable")
    if not file.endswith(SUFFIX):
        _no_anchors(file, text, before)
        return
    name = Path(file).name
    try:
        old, new = parse_prompt(before, name), parse_prompt(text, name)
    except UserError as refusal:
        raise DraftRefused(str(refusal)) from None
    if _promise(old) != _promise(new):
        raise DraftRefused(code="other_inputs")


def check_folder(folder: Path) -> None:
    """Open a folder of prompts as the program would.

    Raises:
        DraftRefused: says where and why.
    """
    try:
        for file in sorted(folder.glob(f"*{SUFFIX}")):
            read_prompt(file)
        read_embedded(folder / "embedded")
        read_signposts(folder / "embedded" / "signposts.yaml")
        check_changelogs(folder)
    except UserError as refusal:
        raise DraftRefused(refusal.message) from None


def _promise(prompt: Prompt) -> Any:
    inputs = sorted((one.name, one.required, tuple(one.allowed)) for one in prompt.inputs)
    return inputs, json.dumps(prompt.schema, sort_keys=True, default=str)


def _check_form(file: str, text: str, before: str) -> None:
    """Say of a text that is no YAML where and what to do, before anything else is looked at.

    Raises:
        DraftRefused: with line and column.
    """
    if any(0xD800 <= ord(one) <= 0xDFFF or one == "\0" for one in text):
        raise DraftRefused(code="unreadable")
    if not file.endswith(SUFFIX):
        _no_anchors(file, text, before)
    if (fault := fault_of(file, text, before)) is not None:
        raise DraftRefused(fault)


def _no_anchors(file: str, text: str, before: str) -> None:
    try:
        line = unwanted_line(text)
    except yaml.YAMLError as fault:
        raise DraftRefused(told(file, fault, first_change(text, before))) from None
    if line is not None:
        unwanted = Sentence(
            "{file}, line {line:d}: anchors, aliases and tags are not allowed.", file=file, line=line
        )
        raise DraftRefused(unwanted)


def _check_new(old: PromptView, after: Sequence[PromptView]) -> None:
    new = next((view for view in after if view.file == old.file), None)
    if new is None or new.sha256 == old.sha256:
        raise DraftRefused(code="unchanged")
    if new.version == old.version:
        raise DraftRefused(code="same_version")


def _card(file: Path) -> Card | None:
    try:
        return Card(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _not_kept() -> StoreUnavailable:
    return StoreUnavailable(
        "The draft could not be kept.", "Please check the data folder's rights and space."
    )
