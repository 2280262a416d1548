"""init, members, groups: first run and accounts."""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass, field
from io import StringIO
from typing import Annotated

import typer

from coach.bootstrap import Coach
from coach.commands.inputs import read_text, say_json
from coach.commands.opening import opened
from coach.domain.model import Member, Role
from coach.errors import NotFound, Sentence, UserError

Email = Annotated[str, typer.Argument(help="The member's e-mail address.")]
Group = Annotated[str, typer.Argument(help="The group's id, or its name.")]
OPERATOR = "operator"  # in access logs: whoever holds the command line
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
_FORMULA = ("=", "+", "-", "@", "\t")  # what a spreadsheet would run


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("init")(init)
    members = typer.Typer(help="Accounts.", no_args_is_help=True)
    groups = typer.Typer(help="Groups.", no_args_is_help=True)
    members.command("add")(add)
    members.command("list")(listed)
    members.command("link")(link)
    members.command("import")(taken_in)
    members.command("export")(given_out)
    members.command("clear-password")(clear_password)
    members.command("close")(close)
    members.command("roles")(roles)
    groups.command("add")(group_add)
    groups.command("list")(group_list)
    groups.command("join")(group_join)
    groups.command("leave")(group_leave)
    app.add_typer(members, name="members")
    app.add_typer(groups, name="groups")


def init(
    name: Annotated[str, typer.Option(prompt="Your name")],
    email: Annotated[str, typer.Option(prompt="Your e-mail address")],
    as_json: Json = False,
) -> None:
    """First run: make the store and its key, read the corpus in, and make the first administrator.

    Example: coach init --name "Ada Roy" --email ada@example.org
    """
    with opened(corpus=True) as coach:
        if coach.parts.people.members():
            raise UserError("This store already has members.", "Please use `coach members add`.")
        member = coach.accounts.invite(name, email, [Role.ADMIN, Role.MANAGER])
        home, key = coach.settings.home, coach.settings.key_file
        if as_json:
            say_json({**_link_form(coach, member), "home": str(home), "key_file": str(key)})
            return
        typer.echo(f"The store is ready in {home}.")
        typer.echo(f"Its key is {key}: back it up elsewhere; without it nothing can be read.")
        _print_link(coach, member)


def add(
    name: Annotated[str, typer.Option(help="Full name.")],
    email: Annotated[str, typer.Option(help="E-mail address.")],
    role: Annotated[list[Role], typer.Option(help="May be given several times.")] = [Role.MANAGER],  # noqa: B006 - typer copies it
    function: Annotated[str, typer.Option(help='What peers may see: "operations", "nursing".')] = "",
    as_json: Json = False,
) -> None:
    """Invite somebody and print a one-time sign-in link.

    Example: coach members add --name "Ada Roy" --email ada@example.org --function operations
    """
    with opened() as coach:
        member = coach.accounts.invite(name, email, role, function)
        say_json(_link_form(coach, member)) if as_json else _print_link(coach, member)


def listed(as_json: Json = False) -> None:
    """Everybody with an account.

    Example: coach members list
    """
    with opened() as coach:
        members = coach.parts.people.members()
    if as_json:
        say_json([_member_form(one) for one in members])
        return
    for one in members:
        state = "" if one.active else "  (closed)"
        typer.echo(f"{one.id}  {one.email:<32} {one.name:<24} {', '.join(sorted(one.roles))}{state}")


def link(
    email: Email, hours: Annotated[float, typer.Option(min=0.1, max=720)] = 72, as_json: Json = False
) -> None:
    """Print a new one-time sign-in link for a member.

    Example: coach members link ada@example.org
    """
    with opened() as coach:
        member = find(coach, email)
        say_json(_link_form(coach, member, hours)) if as_json else _print_link(coach, member, hours)


def taken_in(
    file: Annotated[str, typer.Argument(help="CSV with name,email,roles,function; - for a pipe.")] = "-",
    as_json: Json = False,
) -> None:
    """Invite everybody in a CSV file; a line that cannot be taken is named and passed over.

    Who is a member already is counted and left as they are, so a mended file is imported again as a whole.

    Example: coach members import people.csv
    """
    rows = _rows(read_text(file))  # all of them, before anybody is invited
    with opened() as coach:
        intake = Intake(coach)
        for number, row in rows:
            intake.take(number, row)
    known = intake.known
    if as_json:
        say_json({"invited": intake.invited, "members_already": known, "passed_over": intake.refused})
    else:
        typer.echo(Sentence("{count} were invited.", one="1 was invited.", count=len(intake.invited)))
        if known:
            typer.echo(Sentence("{count} were members already.", one="1 was a member already.", count=known))
    if intake.refused:
        raise UserError(
            Sentence(
                "{count} lines were passed over.", one="1 line was passed over.", count=len(intake.refused)
            ),
            "Please mend what is named above and import the whole file again.",
        )


@dataclass
class Intake:
    """The rows of one file, taken one after the other.

    Attributes:
        invited: ids of the accounts that are new.
        known: how many were there before.
        refused: line and reason of each row that could not be taken.
        seen: ids of everybody whom a row has named so far.
    """

    coach: Coach
    invited: list[str] = field(default_factory=list)
    known: int = 0
    refused: list[dict[str, object]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def take(self, number: int, row: dict[str, str]) -> None:
        """Invite the person of one row, unless they are a member; what is wrong with it is said and kept."""
        try:
            self._take(row)
        except UserError as fault:
            self.refused.append({"line": number, "reason": str(fault)})
            print(f"line {number}: {fault}", file=sys.stderr)

    def _take(self, row: dict[str, str]) -> None:
        roles = _roles(row.get("roles") or "")
        name, email, function = (_bare(row.get(cell) or "") for cell in ("name", "email", "function"))
        member = self.coach.parts.people.member_by_email(email)
        if member is None:
            member = self.coach.accounts.invite(name, email, roles, function)
            self.invited.append(member.id)
        elif member.id in self.seen:  # a slip: one of two people would be lost in silence
            raise UserError(
                "An earlier line has the same e-mail address.", "Please keep one line for each address."
            )
        else:
            self.known += 1
        self.seen.add(member.id)


def _rows(text: str) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV with the lines on which they end.

    Raises:
        UserError: it cannot be read as a whole.
    """
    reader = csv.DictReader(StringIO(text, newline=""), restkey="", restval="")
    try:
        return [(reader.line_num, row) for row in reader]
    except csv.Error:
        raise UserError(
            f"Line {reader.reader.line_num} cannot be read as CSV, so nobody was invited.",
            "Please look for a quotation mark that nothing closes, and import the file again.",
        ) from None


def _roles(cell: str) -> list[Role]:
    try:
        return [Role(one.strip()) for one in (cell.strip() or Role.MANAGER).split(";")]
    except ValueError:
        raise UserError(
            "There is no such role.", f"Please choose from {', '.join(Role)}; a semicolon goes between two."
        ) from None


def given_out() -> None:
    """Everybody with an account, as CSV.

    Example: coach members export > people.csv
    """
    with opened() as coach:
        writer = csv.writer(sys.stdout)
        writer.writerow(["name", "email", "roles", "function"])
        for one in coach.parts.people.members():
            writer.writerow(
                [_plain(one.name), _plain(one.email), ";".join(sorted(one.roles)), _plain(one.function)]
            )


def clear_password(email: Email, as_json: Json = False) -> None:
    """Take a forgotten password away and print a one-time sign-in link; their open sessions end.

    Whoever comes in by the link can set a new password under My data. Be sure who is asking.

    Example: coach members clear-password ada@example.org
    """
    with opened() as coach:
        member = find(coach, email)
        coach.accounts.clear_password(member.id, actor=OPERATOR)
        say_json(_link_form(coach, member)) if as_json else _print_link(coach, member)


def close(email: Email) -> None:
    """Close an account: nobody can sign in to it; nothing is erased.

    Example: coach members close ada@example.org
    """
    with opened() as coach:
        member = find(coach, email)
        coach.parts.people.set_active(member.id, False)
        coach.parts.audit.record(OPERATOR, "account.close", member.id, owner_id=member.id)
        coach.accounts.sign_out_everywhere(member.id, actor=OPERATOR)


def roles(
    email: Email, role: Annotated[list[Role], typer.Option(help="The member's roles from now on.")]
) -> None:
    """Set a member's roles; their open sessions end.

    Example: coach members roles ada@example.org --role manager --role facilitator
    """
    with opened() as coach:
        member = find(coach, email)
        coach.parts.people.set_roles(member.id, role)
        coach.parts.audit.record(OPERATOR, "account.roles", member.id, owner_id=member.id)
        coach.accounts.sign_out_everywhere(member.id, actor=OPERATOR)


def group_add(
    name: Annotated[str, typer.Argument(help="The group's name.")], purpose: str = "", as_json: Json = False
) -> None:
    """Make a group and print its id.

    Example: coach groups add "North" --purpose "first-year managers"
    """
    with opened() as coach:
        group = coach.groups.add(name, purpose)
    say_json({"id": group.id, "name": group.name}) if as_json else typer.echo(group.id)


def group_list(as_json: Json = False) -> None:
    """Every group with its number of members.

    Example: coach groups list
    """
    with opened() as coach:
        groups = coach.groups.all()
    if as_json:
        say_json([{"id": one.id, "name": one.name, "members": len(one.member_ids)} for one in groups])
        return
    for one in groups:
        typer.echo(f"{one.id}  {one.name:<24} {len(one.member_ids)} members")


def group_join(
    group: Group,
    email: Email,
    facilitator: Annotated[bool, typer.Option("--facilitator", help="As one who leads it.")] = False,
) -> None:
    """Put a member into a group. Who leads it goes on leading it; `groups leave` ends both.

    Example: coach groups join North ada@example.org
    """
    with opened() as coach:
        coach.groups.join(_group_id(coach, group), find(coach, email).id, facilitator)


def group_leave(group: Group, email: Email) -> None:
    """Take a member out of a group, also as one who leads it.

    Example: coach groups leave North ada@example.org
    """
    with opened() as coach:
        coach.groups.leave(_group_id(coach, group), find(coach, email).id)


def _group_id(coach: Coach, given: str) -> str:
    """The id of the group that has this id, else this name in any case.

    Raises:
        NotFound: no group has it.
        UserError: several groups have this name.
    """
    groups, name = coach.groups.all(), given.strip().casefold()
    if any(one.id == given for one in groups):
        return given
    named = [one.id for one in groups if one.name.casefold() == name]
    if not named:
        raise NotFound("There is no such group.", "Please look it up with `coach groups list`.")
    if len(named) > 1:
        raise UserError("Several groups have this name.", "Please give the id; `coach groups list` shows it.")
    return named[0]


def find(coach: Coach, email: str) -> Member:
    """The member with this address.

    Raises:
        UserError: nobody has it.
    """
    member = coach.parts.people.member_by_email(email)
    if member is None:
        raise UserError("Nobody has this e-mail address.", "Please look it up with `coach members list`.")
    return member


def _print_link(coach: Coach, member: Member, hours: float = 72) -> None:
    typer.echo(f"One-time sign-in for {member.email}, good for {hours:g} hours:")
    typer.echo(_link(coach, member, hours))


def _link(coach: Coach, member: Member, hours: float) -> str:
    base = coach.settings.base_url or "http://127.0.0.1:7860"
    return f"{base}/sign-in/{coach.accounts.sign_in_link(member.id, hours)}"


def _link_form(coach: Coach, member: Member, hours: float = 72) -> dict[str, object]:
    return {**_member_form(member), "link": _link(coach, member, hours), "hours": hours}


def _member_form(member: Member) -> dict[str, object]:
    return {
        "id": member.id,
        "name": member.name,
        "email": member.email,
        "roles": sorted(member.roles),
        "function": member.function,
        "active": member.active,
    }


def _plain(cell: str) -> str:
    """A cell that a spreadsheet will not run as a formula; `_bare` takes the apostrophe away again."""
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell


def _bare(cell: str) -> str:
    """What stood in a cell before `_plain`; an apostrophe that is part of a name stays."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell
