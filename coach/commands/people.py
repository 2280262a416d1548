"""init, members, groups: first run and accounts."""

from __future__ import annotations

import csv
import sys
from io import StringIO
from typing import Annotated

import typer

from coach.bootstrap import Coach
from coach.commands.inputs import read_text, say_json
from coach.commands.opening import opened
from coach.domain.model import Member, Role
from coach.errors import UserError

Email = Annotated[str, typer.Argument(help="The member's e-mail address.")]
OPERATOR = "operator"  # in access logs: whoever holds the command line
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


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

    Example: coach members import people.csv
    """
    invited: list[str] = []
    refused: list[dict[str, object]] = []
    with opened() as coach:
        for number, row in enumerate(csv.DictReader(StringIO(read_text(file))), 2):
            try:
                roles = [Role(one.strip()) for one in (row.get("roles") or "manager").split(";")]
                name, email = row.get("name") or "", row.get("email") or ""
                invited.append(coach.accounts.invite(name, email, roles, row.get("function") or "").id)
            except (UserError, ValueError) as fault:
                refused.append({"line": number, "reason": str(fault)})
                print(f"line {number}: {fault}", file=sys.stderr)
    if as_json:
        say_json({"invited": invited, "passed_over": refused})
    if refused:
        raise UserError(
            f"{len(refused)} lines were passed over.", "Please mend them and import the file again."
        )


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
    group_id: str, email: Email, facilitator: Annotated[bool, typer.Option("--facilitator")] = False
) -> None:
    """Put a member into a group.

    Example: coach groups join 3f… ada@example.org
    """
    with opened() as coach:
        coach.groups.join(group_id, find(coach, email).id, facilitator)


def group_leave(group_id: str, email: Email) -> None:
    """Take a member out of a group.

    Example: coach groups leave 3f… ada@example.org
    """
    with opened() as coach:
        coach.groups.leave(group_id, find(coach, email).id)


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
    """A cell that a spreadsheet will not run as a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t" and cell else cell
