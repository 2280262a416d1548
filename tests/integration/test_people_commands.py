"""Accounts and groups from the command line: files as offices have them, and refusals that change nothing."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from coach.bootstrap import open_coach
from coach.domain.model import Group, Member, Role
from coach.errors import SignInFailed
from coach.settings import read_settings
from tests.integration.test_program import Shell

MARK = b"\xef\xbb\xbf"  # what Windows writes before a text
HEAD = "name,email,roles,function\n"
ADA, BO = "ada@example.org", "bo@example.org"


@pytest.fixture
def shell(tmp_path: Path, model_cache: Path) -> Shell:
    return Shell(tmp_path, model_cache)


def members(shell: Shell) -> dict[str, Member]:
    with open_coach(read_settings(shell.environment)) as coach:
        return {one.email: one for one in coach.parts.people.members()}


# -- import and export --------------------------------------------------------------------------------------


def test_a_file_that_was_mended_is_imported_again_as_a_whole(shell: Shell) -> None:
    """The remedy that it names: who is a member by then is counted, and it ends well."""
    wrong = f"{HEAD}Ada,{ADA},manager,\nBo,,manager,\n"
    done = shell.run("members", "import", text=wrong)
    assert (done.returncode, done.stdout.decode()) == (2, "1 was invited.\n")
    assert done.stderr.decode().splitlines() == [
        "line 3: A member needs a name and an e-mail address. Please give both.",
        "coach: 1 line was passed over. Please mend what is named above and import the whole file again.",
    ]
    again = shell.run("members", "import", text=wrong.replace("Bo,,", f"Bo,{BO},"))
    assert (again.returncode, again.stderr.decode()) == (0, "")
    assert again.stdout.decode() == "1 was invited.\n1 was a member already.\n"
    third = shell.json("members", "import", "--json", text=f"{HEAD}Ada,{ADA.upper()},,\nBo,{BO},,\n")
    assert third == {"invited": [], "members_already": 2, "passed_over": []}


def test_lines_are_numbered_as_an_editor_numbers_them(shell: Shell) -> None:
    """Empty lines and line breaks in a cell count."""
    text = f'{HEAD}\n\n"Ada",{ADA},manager,"day\nshift"\nBo,,manager,\nCy,cy@example.org,boss,\nDi,{ADA},,\n'
    done = shell.run("members", "import", "--json", text=text)
    taken = json.loads(done.stdout)
    assert (done.returncode, len(taken["invited"])) == (2, 1)
    assert [one["line"] for one in taken["passed_over"]] == [6, 7, 8]
    said = [one["reason"] for one in taken["passed_over"]]
    assert said[1] == (
        "There is no such role. Please choose from manager, facilitator, evaluator, admin; "
        "a semicolon goes between two."
    )
    assert said[2].startswith("An earlier line has the same e-mail address.")
    assert "3 lines were passed over." in done.stderr.decode()


def test_a_file_that_windows_wrote_comes_through_a_pipe(shell: Shell) -> None:
    text = f"{HEAD}Ada,{ADA},manager,\n".replace("\n", "\r\n").encode()
    assert shell.run("members", "import", text=MARK + text).returncode == 0
    assert [one.name for one in members(shell).values()] == ["Ada"]


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (("redact",), "Ada mailed me."),
        (("redact", "--jsonl"), '{"id": 1, "text": "Ada mailed me."}'),
    ],
)
def test_the_mark_before_a_piped_text_is_no_part_of_it(
    shell: Shell, command: tuple[str, ...], text: str
) -> None:
    with_mark, without = shell.run(*command, text=MARK + text.encode()), shell.run(*command, text=text)
    assert with_mark.returncode == 0, with_mark.stderr.decode()
    assert with_mark.stdout == without.stdout


def test_a_cell_without_an_end_invites_nobody_and_says_so(shell: Shell) -> None:
    done = shell.run("members", "import", text=f'{HEAD}Ada,{ADA},manager,\n"Bo{"x" * 140_000},{BO},,\n')
    assert done.returncode == 2
    assert done.stderr.decode() == (
        "coach: Line 3 cannot be read as CSV, so nobody was invited. "
        "Please look for a quotation mark that nothing closes, and import the file again.\n"
    )
    assert members(shell) == {}


def test_what_was_exported_is_imported_as_it_was(shell: Shell, tmp_path: Path, model_cache: Path) -> None:
    """The apostrophe that keeps a spreadsheet from running a cell goes; one that is part of a name stays."""
    people = [
        ("-D D", "=d@example.org", "=ops"),
        ("'t Hooft", "hooft@example.org", "'+1"),
        ("''@x", "'-x@example.org", "nursing, nights"),
        ("+", "@plus@example.org", ""),
    ]
    with open_coach(read_settings(shell.environment)) as coach:
        for name, email, function in people:
            coach.accounts.invite(name, email, [Role.MANAGER, Role.EVALUATOR], function)
    exported = shell.run("members", "export").stdout
    cells = [cell for row in csv.reader(StringIO(exported.decode())) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    other = Shell(tmp_path / "other", model_cache)
    assert other.run("members", "import", text=exported).returncode == 0
    found = {(one.name, one.email, one.function) for one in members(other).values()}
    assert found == set(people)
    assert {one.roles for one in members(other).values()} == {one.roles for one in members(shell).values()}
    assert other.run("members", "export").stdout == exported


# -- groups -------------------------------------------------------------------------------------------------


@pytest.fixture
def in_group(shell: Shell) -> Callable[[], Group]:
    """A group with a blank in its name: Ada leads it, Bo is in no group."""
    with open_coach(read_settings(shell.environment)) as coach:
        ada, _ = (coach.accounts.invite(one.split("@")[0], one, []) for one in (ADA, BO))
        group = coach.groups.add("North Team")
        coach.groups.join(group.id, ada.id, facilitator=True)

    def now() -> Group:
        with open_coach(read_settings(shell.environment)) as coach:
            return coach.parts.people.group(group.id)

    return now


def trail(shell: Shell, email: str) -> list[str]:
    with open_coach(read_settings(shell.environment)) as coach:
        member = coach.parts.people.member_by_email(email)
        assert member is not None
        return [one.action for one in coach.journal.access_log(member.id)]


@pytest.mark.parametrize(
    ("group", "email", "said"),
    [
        ("nope", ADA, "There is no such group. Please look it up with `coach groups list`."),
        ("no such team", ADA, "There is no such group. Please look it up with `coach groups list`."),
        ("North Team", BO, "This account is not in this group. Please check the group and the account."),
        ("North Team", "cy@example.org", "Nobody has this e-mail address. Please look it up with "),
    ],
)
def test_leaving_what_one_is_not_in_is_refused_and_leaves_no_trace(
    shell: Shell, in_group: Callable[[], Group], group: str, email: str, said: str
) -> None:
    before = in_group()
    done = shell.run("groups", "leave", group, email)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith(f"coach: {said}")
    assert in_group() == before
    assert not any("group.leave" in trail(shell, one) for one in (ADA, BO))


def test_a_group_is_named_by_its_id_or_its_name(shell: Shell, in_group: Callable[[], Group]) -> None:
    assert shell.run("groups", "join", "north team", BO).returncode == 0
    assert len(in_group().member_ids) == 1
    assert shell.run("groups", "leave", "North Team", BO).returncode == 0
    assert shell.run("groups", "join", in_group().id, BO).returncode == 0
    assert shell.run("groups", "leave", in_group().id, BO).returncode == 0
    assert in_group().member_ids == frozenset()
    shell.run("groups", "add", "North Team")
    done = shell.run("groups", "join", "North Team", BO)
    assert done.returncode == 2
    assert done.stderr.decode() == (
        "coach: Several groups have this name. Please give the id; `coach groups list` shows it.\n"
    )


def test_joining_again_takes_no_role_away_and_leaving_takes_both(
    shell: Shell, in_group: Callable[[], Group]
) -> None:
    leads = in_group().facilitator_ids
    assert len(leads) == 1
    assert shell.run("groups", "join", "North Team", ADA).returncode == 0
    assert in_group().facilitator_ids == leads
    assert shell.run("groups", "leave", "North Team", ADA).returncode == 0
    assert (in_group().member_ids, in_group().facilitator_ids) == (frozenset(), frozenset())


# -- a forgotten password -----------------------------------------------------------------------------------


def test_a_forgotten_password_is_taken_away_and_a_link_lets_in(shell: Shell) -> None:
    with open_coach(read_settings(shell.environment)) as coach:
        ada = coach.accounts.invite("Ada", ADA, [Role.MANAGER])
        coach.accounts.set_password(ada.id, "a quiet evening")
    answer = shell.json("members", "clear-password", ADA, "--json")
    assert trail(shell, ADA)[:2] == ["account.link", "account.password-clear"]
    with open_coach(read_settings(shell.environment)) as coach:
        with pytest.raises(SignInFailed):
            coach.accounts.sign_in(ADA, "a quiet evening")
        opened = coach.accounts.redeem(answer["link"].rpartition("/")[2])
        coach.accounts.set_password(opened.member.id, "a louder evening")
        assert coach.accounts.sign_in(ADA, "a louder evening").member.id == ada.id
    done = shell.run("members", "clear-password", "nobody@example.org")
    assert (done.returncode, done.stdout) == (2, b"")
