"""What recorded replies of a large language model would have met in the gate.

    python scripts/score_completions.py

evals/data/completions.jsonl holds replies as they came, to the prompt named in each line. They are read as
the writer reads them and judged as the gate judges them; what fails is asked for once more, then the bank.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from coach.adapters.llm_reply import read_reply
from coach.adapters.outgoing import outgoing
from coach.bootstrap import open_coach
from coach.commands.opening import ensure_corpus
from coach.domain.model import PROGRAMME, Draft, Origin
from coach.domain.text import accept
from coach.errors import WriterGarbled
from coach.services.reading import read
from coach.services.reflect import QUESTIONS, History, brief_of
from coach.settings import read_settings
from evals.reflections import read_labelled

DATA = Path(__file__).resolve().parent.parent / "evals" / "data" / "completions.jsonl"


def main() -> None:
    texts = {one.id: one.text for one in read_labelled("all")}
    rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines() if line]
    failed: Counter[str] = Counter()
    garbled = whole = lead = kept = asked = 0
    with open_coach(read_settings()) as coach:
        ensure_corpus(coach)
        for row in rows:
            text = accept(texts[row["id"]])
            reading = read(text, coach.parts.embedder)
            found = coach.retriever.find(reading, [PROGRAMME])
            brief = brief_of(text, reading, found, History(), ())
            try:
                mirror, questions = read_reply(row["completion"], outgoing(brief), {})
            except WriterGarbled:
                garbled += 1
                continue
            judged = coach.thinking.gate.judge(Draft(mirror, questions, Origin("llm")), brief)
            passing = {one.text for one in judged.passing}
            asked += len(questions)
            kept += len(passing)
            whole += len(judged.passing) >= QUESTIONS
            lead += questions[0].text in passing
            failed.update(reason.split(":")[0] for reason in judged.failed)
    print(f"{len(rows)} replies; {garbled} could not be read")
    print(f"  whole turn passes at once      {whole}")
    print(f"  lead question passes           {lead}")
    print(f"  questions that pass            {kept} of {asked}")
    for name, count in failed.most_common():
        print(f"  failed {name:<24}{count} turns")


if __name__ == "__main__":
    main()
