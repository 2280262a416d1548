"""The coverage of a corpus as one page of HTML that needs nothing beside it."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from coach.domain.coverage import Coverage
from coach.domain.model import Lens, Outcome, Stage


def page(found: Coverage, template_file: Path) -> str:
    """Draw the page.

    Args:
        found: what was counted.
        template_file: `corpus_report.html`.

    Returns:
        HTML: totals, a heat map of situation by stage and lens, and the cases by outcome and place.
    """
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(template_file.read_text(encoding="utf-8"))
    families = [
        (family.replace("-", " ").capitalize(), list(rows))
        for family, rows in groupby(found.questions, key=lambda row: row[0])
    ]
    return template.render(
        counts=found.counts,
        families=families,
        stages=[stage.value for stage in Stage],
        lenses=[lens.value for lens in Lens],
        by_situation=found.by_situation,
        outcomes=[
            (outcome.value, [case for case in found.cases if case.outcome is outcome]) for outcome in Outcome
        ],
    )
