"""ask, check, screen, redact, search: one text in, one answer out."""

from __future__ import annotations

from typing import Annotated

import typer

from coach.commands.inputs import read_jsonl, read_text, say_json
from coach.domain.model import PROGRAMME, Turn
from coach.errors import CoachError, UserError

File = Annotated[str, typer.Argument(help="A file; - or nothing reads standard input.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Jsonl = Annotated[bool, typer.Option("--jsonl", help='One {"id","text"} a line in, one object a line out.')]

_KEPT = "Your words are saved."  # how the last part of each signpost begins


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("ask")(ask)
    app.command("check")(check)
    app.command("screen")(screen)
    app.command("redact")(redact)
    app.command("search")(search)


def ask(file: File = "-", as_json: Json = False, jsonl: Jsonl = False) -> None:
    """Answer a reflection with a mirror and an open question. Nothing is saved.

    Example: echo "I keep rewriting his slides at night." | coach ask
    """
    from coach.commands.opening import opened
    from coach.commands.turn_form import turn_form

    lines = list(read_jsonl(file)) if jsonl else []
    text = "" if jsonl else read_text(file)
    with opened(corpus=True) as coach:
        if not jsonl:
            turn = coach.reflect.consider(text)
            say_json(turn_form(turn), indent=2) if as_json else typer.echo(_readable(turn))
            return
        for line in lines:
            try:
                say_json({"id": line.id, **turn_form(coach.reflect.consider(line.text))})
            except CoachError as fault:  # one line's trouble is not the next one's
                say_json({"id": line.id, "error": str(fault)})


def check(file: File = "-", as_json: Json = False) -> None:
    """Judge questions, one a line, by the rubric.

    Example: echo "Have you tried giving him a template?" | coach check
    """
    from coach.bootstrap import open_judges
    from coach.commands.turn_form import criteria_form
    from coach.domain.rubric import judge_alone
    from coach.domain.text import clean
    from coach.settings import read_settings

    questions = [line for line in (clean(raw) for raw in read_text(file).split("\n")) if line]
    if not questions:
        raise UserError("There is no question to judge.", "Please write one question a line.")
    advice = open_judges(read_settings()).advice.scores(questions)
    for text, score in zip(questions, advice, strict=True):
        verdicts = judge_alone(text, score)
        wrong = [one for one in verdicts if not one.passed]
        if as_json:
            say_json(
                {
                    "text": text,
                    "passed": not wrong,
                    "failed": [one.criterion for one in wrong],
                    "criteria": criteria_form(verdicts),
                }
            )
        else:
            typer.echo(f"{'pass' if not wrong else 'fail'}  {text}")
            for one in wrong:
                typer.echo(f"      {one.criterion}: {one.reason}")


def screen(file: File = "-", jsonl: Jsonl = False, as_json: Json = False) -> None:
    """See language of crisis, danger and harassment.

    Example: coach screen --jsonl texts.jsonl
    """
    from coach.bootstrap import open_judges
    from coach.domain.text import clean
    from coach.settings import read_settings

    lines = list(read_jsonl(file)) if jsonl else []
    text = "" if jsonl else clean(read_text(file))
    screener = open_judges(read_settings()).screener
    if jsonl:
        for line in lines:
            seen = screener.screen(clean(line.text))
            say_json({"id": line.id, "flag": seen.flag, "kind": seen.kind.value})
        return
    if not text:
        raise UserError("There is nothing to screen.", "Please give a text.")
    seen = screener.screen(text)
    if as_json:
        say_json({"flag": seen.flag, "kind": seen.kind.value})
    else:
        typer.echo(seen.kind.value if seen.flag else "nothing")


def redact(
    file: File = "-",
    roster: Annotated[str, typer.Option(help="A file with one name a line.")] = "",
    as_json: Json = False,
    jsonl: Jsonl = False,
) -> None:
    """Show what a language model would be sent: names and addresses replaced.

    Example: coach redact --roster names.txt reflection.txt
    """
    from coach.domain.redact import redact as redacted
    from coach.domain.text import clean

    names = [name.strip() for name in read_text(roster).split("\n") if name.strip()] if roster else []
    if jsonl:
        for line in read_jsonl(file):
            one = redacted(clean(line.text), names)
            say_json({"id": line.id, "text": one.text, "spans": [_span(span) for span in one.spans]})
        return
    one = redacted(clean(read_text(file)), names)
    if as_json:
        say_json({"text": one.text, "spans": [_span(span) for span in one.spans]})
    else:
        typer.echo(one.text)


def search(
    text: Annotated[
        str, typer.Argument(help="What to look for; - or nothing reads standard input.", show_default=False)
    ] = "-",
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many.")] = 10,
    as_json: Json = False,
) -> None:
    """What retrieval finds for a text, with ranks.

    Words of your own better come through a pipe: what stands in the command itself, everybody who has an
    account on the machine can read while it runs.

    Example: echo "my former colleague now reports to me" | coach search -
    """
    from coach.commands.opening import opened
    from coach.domain.text import accept
    from coach.services.reading import read

    words = read_text(text) if text == "-" else text
    with opened(corpus=True) as coach:
        reading = read(accept(words), coach.parts.embedder)
        found = coach.retriever.find(reading, [PROGRAMME])
        ranked = coach.retriever.search(reading, [PROGRAMME], found.situations, limit)
    rows = [
        {"rank": k, "id": one.id, "kind": one.kind.value, "title": one.title}
        for k, one in enumerate(ranked, 1)
    ]
    situations = [{"id": hit.id, "name": hit.name} for hit in found.situations]
    if as_json:
        say_json({"situations": situations, "documents": rows, "nothing_close": found.nothing_close})
        return
    typer.echo("Situations: " + ("; ".join(hit.name for hit in found.situations) or "none is near"))
    for row in rows:
        typer.echo(f"{row['rank']:>3}  {row['kind']:<9}  {row['id']:<36} {row['title']}")


def _readable(turn: Turn) -> str:
    if turn.signpost:
        return _of_nobody(turn.signpost)
    lines = [turn.mirror, "", *_asked(turn)]
    lines += (
        ["", "Where it comes from: " + "; ".join(case.title for case in turn.cases)]
        if turn.cases
        else ["", "No case here is close to this."]
    )
    return "\n".join(lines)


def _of_nobody(signpost: str) -> str:
    """A signpost without its last promise, which is about words that were saved as a member's."""
    parts = [part for part in signpost.strip().split("\n\n") if not part.startswith(_KEPT)]
    return "\n\n".join([*parts, "Nothing of this was saved, and nobody has been alerted."])


def _asked(turn: Turn) -> list[str]:
    if not turn.questions:
        return ["No question came to this. Please say a little more of it and ask again."]
    lead, *others = turn.questions
    return [f"  {lead.text}", "", *(f"  Another angle: {other.text}" for other in others)]


def _span(span: object) -> dict[str, object]:
    return {"start": span.start, "end": span.end, "kind": span.kind}  # type: ignore[attr-defined] # redact.Span
