"""JUnit: a suite a task, a case for each gated metric and for each case that may never break."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from evals.model import Guard
from evals.results import RunResult, TaskResult, broken


def render(run: RunResult) -> str:
    """The whole file."""
    suites = Element("testsuites", name=f"coach eval {run.manifest.command}")
    for part in run.parts:
        _suite(suites, part, run.notes)
    indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suites, encoding="unicode") + "\n"


def _suite(suites: Element, part: TaskResult, notes: Sequence[str]) -> None:
    suite = SubElement(suites, "testsuite", name=part.title)
    if part.verdict is None:
        failed = broken(part)
        for metric in part.task.metrics:
            if metric.guard is Guard.ZERO:
                said = f"{metric.name} may not fail once." if metric.name in failed else ""
                _case(suite, part, metric.name, said, not part.cases)
    else:
        for found in part.verdict.metrics:
            if found.guard is not Guard.SHOWN:
                said = (found.note or f"{found.name} is worse.") if found.outcome == "fail" else ""
                _case(suite, part, found.name, said, found.outcome == "inconclusive")
        for pair in part.pairs:
            if pair.must_pass:
                gone = pair.sample_id in part.verdict.hard_breaks
                said = f"{pair.sample_id} may never break.\n{pair.candidate_text}" if gone else ""
                _case(suite, part, f"must pass: {pair.sample_id}", said, False)
    cases = list(suite)
    told = [*(part.verdict.warnings if part.verdict else ()), *notes]
    if told:
        SubElement(suite, "system-out").text = _plain("\n".join(told))
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))


def _case(suite: Element, part: TaskResult, name: str, fault: str, open_: bool) -> None:
    case = SubElement(suite, "testcase", classname=f"{part.task.name}.{part.mode.value}", name=name)
    if fault:
        SubElement(case, "failure", message=_plain(fault.splitlines()[0])).text = _plain(fault)
    elif open_:
        SubElement(case, "skipped", message="inconclusive")


def _plain(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(
        one for one in text if one in "\t\n" or (ord(one) >= 32 and not 0xD800 <= ord(one) <= 0xDFFF)
    )
