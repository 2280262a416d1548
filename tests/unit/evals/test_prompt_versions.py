"""Versions of the prompts: which are in force, what a draft must be, who may bring one into force."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
from fastapi import APIRouter

from coach.adapters import active_prompts
from coach.adapters.active_prompts import active_folder, active_version, put_in_force
from coach.adapters.following import Following
from coach.bootstrap import prompts_folder
from coach.bundled import bundled
from coach.domain.model import Access, Role
from coach.errors import NotFound, SettingsRefused, UserError
from coach.settings import Settings
from evals.pages.ledger import Deed, State, standing_of
from evals.pages.shelf import DraftRefused, Shelf

PROMPT = "reflection-questions.prompty"
WHYS = "embedded/whys.yaml"


def lay(settings: Settings, version: str) -> Path:
    """A version on the disk, as a draft leaves it."""
    folder = settings.home / "prompts" / version
    shutil.copytree(bundled("prompts"), folder)
    return folder


def reworded(file: str = WHYS) -> str:
    text = (bundled("prompts") / file).read_text(encoding="utf-8")
    return text.replace("version: 1.0.0", "version: 9.0.0", 1).replace("It stays with", "It keeps to")


# -- in force -----------------------------------------------------------------------------------------------


def test_activated_prompts_come_before_the_setting_and_the_programs_own(
    settings: Settings, tmp_path: Path
) -> None:
    assert prompts_folder(settings) == bundled("prompts")
    set_ = replace(settings, prompts=tmp_path)
    assert prompts_folder(set_) == tmp_path
    folder = lay(settings, "v-one")
    put_in_force(settings.home, "v-one")
    assert prompts_folder(settings) == prompts_folder(set_) == folder
    put_in_force(settings.home, active_prompts.AS_DELIVERED)
    assert (active_version(settings.home), prompts_folder(set_)) == ("", tmp_path)


@pytest.mark.parametrize("name", ["../../etc", "/etc", "", ".", "a/b", "A", "x" * 80])
def test_a_version_cannot_leave_its_folder(settings: Settings, name: str) -> None:
    (settings.home / "prompts").mkdir(parents=True)
    with pytest.raises(SettingsRefused):
        active_prompts.version_folder(settings.home, name)
    (settings.home / "prompts" / "active.json").write_text(f'{{"version": "{name}", "sha256": "x"}}')
    if name:
        with pytest.raises(SettingsRefused):
            active_folder(settings.home)


@pytest.mark.parametrize("damage", ["edited", "added", "gone", "torn", "not JSON"])
def test_prompts_that_nobody_agreed_on_do_not_start(settings: Settings, damage: str) -> None:
    """The refusal says how to go back, and going back works."""
    folder = lay(settings, "v-one")
    put_in_force(settings.home, "v-one")
    names = settings.home / "prompts" / "active.json"
    if damage == "edited":
        (folder / WHYS).write_text(reworded(), encoding="utf-8")
    elif damage == "added":
        (folder / "more.prompty").write_text("x", encoding="utf-8")
    elif damage == "gone":
        shutil.rmtree(folder)
    elif damage == "torn":
        names.write_bytes(names.read_bytes()[:9])
    else:
        names.write_text("[]")
    with pytest.raises(SettingsRefused, match=r"remove active\.json"):
        prompts_folder(settings)
    put_in_force(settings.home, active_prompts.AS_DELIVERED)
    assert prompts_folder(settings) == bundled("prompts")


def test_a_version_that_is_not_there_does_not_come_into_force(settings: Settings) -> None:
    lay(settings, "v-one")
    put_in_force(settings.home, "v-one")
    with pytest.raises(SettingsRefused):
        put_in_force(settings.home, "v-two")
    assert active_version(settings.home) == "v-one"


def test_what_follows_changes_with_the_folder_and_survives_a_bad_one(tmp_path: Path) -> None:
    """A turn gets the version in force; one that cannot be opened leaves the one before in use."""
    now = [tmp_path / "one"]
    opened: list[Path] = []

    def open_(folder: Path) -> str:
        opened.append(folder)
        if folder.name == "bad":
            raise UserError("no")
        return folder.name

    following = Following(lambda: now[0], open_)
    assert [following.now(), following.now(), len(opened)] == ["one", "one", 1]
    now[0] = tmp_path / "two"
    assert following.now() == "two"
    now[0] = tmp_path / "bad"
    assert following.now() == "two"
    now[0] = tmp_path / "one"
    assert following.now() == "one"

    def gone() -> Path:
        raise SettingsRefused("changed on disk")

    with pytest.raises(SettingsRefused):
        Following(gone, open_)


# -- drafts -------------------------------------------------------------------------------------------------


def test_a_draft_is_a_whole_version_and_its_base_is_untouched(settings: Settings) -> None:
    shelf = Shelf(settings)
    card = shelf.draft("", WHYS, reworded(), "noor")
    assert (card.made_by, card.made_from, card.file) == ("noor", "", WHYS)
    assert shelf.cards() == [card] and shelf.is_whole(card.version)
    assert "It keeps to" in shelf.text(card.version, WHYS)
    assert "It keeps to" not in shelf.text("", WHYS)
    assert [view.key for view in shelf.views(card.version)] == [view.key for view in shelf.views("")]
    second = shelf.draft(
        card.version, WHYS, reworded().replace("9.0.0", "9.0.1").replace("keeps", "holds"), "ada"
    )
    assert second.made_from == card.version
    shelf.folder(card.version).joinpath(WHYS).write_text("x", encoding="utf-8")
    assert not shelf.is_whole(card.version) and shelf.is_whole(second.version)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text, "unchanged"),
        (lambda text: text.replace("9.0.0", "1.0.0"), "same_version"),
        (lambda text: "", "empty"),
        (lambda text: text + "# " + "x" * 200_001, "too_long"),
        (lambda text: text + "\0", "unreadable"),
        (lambda text: text + "odd: &a [1]\n", ""),
        (lambda text: text + "odd: !!python/name:os.system\n", ""),
        (lambda text: text.replace("whys:", "reasons:"), ""),
        (lambda text: "[" * 5000, None),
        (lambda text: text + "bad: [\n", ""),
    ],
)  # fmt: skip
def test_a_draft_that_cannot_be_used_leaves_nothing_behind(
    settings: Settings, change: Callable[[str], str], code: str | None
) -> None:
    shelf = Shelf(settings)
    text = bundled("prompts").joinpath(WHYS).read_text("utf-8") if code == "unchanged" else reworded()
    with pytest.raises(DraftRefused) as refusal:
        shelf.draft("", WHYS, change(text), "noor")
    assert code is None or refusal.value.code == code
    assert refusal.value.code or str(refusal.value)
    left = settings.home / "prompts"
    assert shelf.cards() == [] and (not left.exists() or list(left.iterdir()) == [])


def test_only_prompt_files_can_be_read_or_written(settings: Settings) -> None:
    shelf = Shelf(settings)
    for file in ("prompts.lock.json", "../pyproject.toml", "/etc/hostname", "embedded", ""):
        with pytest.raises(NotFound):
            shelf.text("", file)
        with pytest.raises(NotFound):
            shelf.draft("", file, "x", "noor")
    with pytest.raises(NotFound):
        shelf.folder("../../etc")


# -- the log ------------------------------------------------------------------------------------------------


def log(*lines: tuple[str, Deed, str]) -> list[Access]:
    """Lines as the port gives them, newest first; told here oldest first."""
    at = datetime(2026, 11, 22, tzinfo=UTC)
    return [Access(at, who, deed.value, version) for who, deed, version in reversed(lines)]


def test_the_log_alone_says_what_is_proposed_and_what_was_in_force() -> None:
    found = standing_of(
        log(
            ("noor", Deed.DRAFT, "v1"),
            ("noor", Deed.PROPOSE, "v1"),
            ("ada", Deed.ACTIVATE, "v1"),
            ("noor", Deed.PROPOSE, "v2"),
            ("noor", Deed.PROPOSE, "v3"),
            ("ada", Deed.WITHDRAW, "v3"),
            ("ada", Deed.ROLL_BACK, "as-delivered"),
        )
    )
    assert (found.in_force, found.proposers) == ("", {"v2": "noor"})
    assert found.been_active == {"", "v1"}
    states = [found.state(version, "") for version in ("", "v1", "v2", "v3")]
    assert states == [State.ACTIVE, State.EARLIER, State.PROPOSED, State.DRAFT]


def test_what_was_logged_and_then_not_done_was_never_in_force() -> None:
    found = standing_of(log(("ada", Deed.ACTIVATE, "v1"), ("ada", Deed.NOT_DONE, "v1")))
    assert (found.in_force, found.been_active) == ("", {""})


def test_lines_of_other_kinds_are_passed_over() -> None:
    line = Access(datetime.now(UTC), "x", "account.invite", "v1")
    assert standing_of([line]).events == ()


def test_the_pages_come_in_by_the_entry_point_that_the_project_declares() -> None:
    """`coach.pages` names a module with a role, places and routes."""
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8"))
    module = import_module(project["project"]["entry-points"]["coach.pages"]["evaluator"])
    assert module.ROLE is Role.EVALUATOR
    assert [address for _, address in module.PLACES] == ["/prompts", "/runs"]

    class Frame:
        """Touched by nothing before the first visit."""

        def signed_in(self) -> None: ...

    assert isinstance(module.routes(Frame()), APIRouter)
