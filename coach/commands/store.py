"""export, erase: a member's own data."""

from __future__ import annotations

from typing import Annotated

import typer

from coach.commands.inputs import say_json
from coach.commands.opening import opened
from coach.commands.people import OPERATOR, Email, find
from coach.errors import UserError


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("export")(export)
    app.command("erase")(erase)


def export(
    email: Email,
    form: Annotated[str, typer.Option("--form", help="markdown or json.")] = "markdown",
) -> None:
    """Write a member's whole journal, list of names and access log to standard output.

    That it was done stands in their access log.

    Example: coach export ada@example.org --form json > journal.json
    """
    with opened() as coach:
        member = find(coach, email)
        typer.echo(coach.journal.export(member.id, form, actor=OPERATOR), nl=False)


def erase(
    email: Email,
    account: Annotated[
        bool, typer.Option("--account", help="Erase the account too, not only the journal and the names.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Erase a member's journal and list of names, or the whole account, for good.

    Example: coach erase ada@example.org --account
    """
    with opened() as coach:
        member = find(coach, email)
        what = "the account and the journal" if account else "the whole journal and the list of names"
        if not yes and not typer.confirm(f"Erase {what} of {member.email} for good?"):
            raise UserError("Nothing was erased.")
        coach.journal.erase_all(member.id, actor=OPERATOR)
        if account:
            coach.accounts.sign_out_everywhere(member.id, actor=OPERATOR)
            coach.parts.people.erase_member(member.id)
    say_json({"erased": "account" if account else "journal"}) if as_json else typer.echo("Erased.")
