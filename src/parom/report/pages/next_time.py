"""What to do better next time, each with its number."""

from __future__ import annotations

from parom.report.document import Listing, Section, Text
from parom.report.pages.lines_of_time import phase
from parom.report.pages.reader import Reader
from parom.report.record import DeploymentReport, Improvement


def next_time(report: DeploymentReport, reader: Reader) -> Section:
    title = reader.say("Next improvements")
    if not report.improvements:
        nothing = reader.say("Nothing that was measured asks for one.")
        return Section("improvements", title, (Text(nothing),))
    lines = tuple(improvement_said(one, reader) for one in report.improvements)
    return Section("improvements", title, (Listing(lines),))


def improvement_said(one: Improvement, reader: Reader) -> str:
    number, against = one.number, one.against or 0.0
    match one.kind:
        case "slowest-cutover" | "slowest-preparation":
            values = {"step": reader.step_under_way(one.about), "t": reader.took(number),
                      "whole": reader.took(against)}  # fmt: skip
            if one.kind == "slowest-cutover":
                return reader.say("Slowest step of the cutover: {step}, {t} of {whole}.", **values)
            return reader.say("Slowest step of the preparation: {step}, {t} of {whole}.", **values)
        case "slower-than-usual":
            said = "{step} took {t}; usually it takes {usual}."
            return reader.say(said, step=reader.step_under_way(one.about), t=reader.took(number),
                              usual=reader.took(against))  # fmt: skip
        case "prediction":
            said = "The prediction was off ({what}): {t} instead of {predicted}."
            what = {"stop": reader.say("stop"), "migration": reader.say("migrations"),
                    "start": reader.say("start and checks")}[one.about]  # fmt: skip
            return reader.say(said, what=what, t=reader.took(number),
                              predicted=reader.took(against))  # fmt: skip
        case "near-budget":
            said = "{part} used {share} of its time: {t} of {budget}."
            return reader.say(said, part=phase(one.about, reader), t=reader.took(number),
                              share=reader.share(number / against),
                              budget=reader.took(against))  # fmt: skip
    return _measured(one, reader) or _again(one, reader) or f"{one.kind}: {number:g}"


def _measured(one: Improvement, reader: Reader) -> str:
    number, against = one.number, one.against or 0.0
    took, limit = reader.took(number), reader.took(against)
    match one.kind:
        case "near-response-limit":
            said = "{name}: 90 % of the answers within {t}; the limit is {limit}."
            return reader.say(said, name=one.about, t=took, limit=limit)
        case "near-page-limit":
            return reader.say("{name} loads in {t}; the limit is {limit}.", name=one.about,
                              t=took, limit=limit)  # fmt: skip
        case "near-memory-limit":
            return reader.say("The services use up to {n} of memory; the limit is {limit}.",
                              n=reader.size(number), limit=reader.size(against))  # fmt: skip
        case "near-cpu-limit":
            return reader.say("The services use {n} of the processors; the limit is {limit}.",
                              n=reader.share(number), limit=reader.share(against))  # fmt: skip
        case "slower-endpoint":
            return reader.say("{name} became slower: {t} instead of {before}.", name=one.about,
                              t=took, before=limit)  # fmt: skip
        case "failed-probes-before":
            return reader.say("{name}: {n} of {all} probes failed before the cutover.",
                              name=one.about, n=int(number), all=int(against))  # fmt: skip
        case "failed-probes-after":
            return reader.say("{name}: {n} of {all} probes failed after opening.",
                              name=one.about, n=int(number), all=int(against))  # fmt: skip
        case "flaky-check":
            return reader.say("Flaky check {name}: failed {n} of {all} times.",
                              name=one.about, n=int(number), all=int(against))  # fmt: skip
        case "logged":
            return reader.say("In the logs: {name}, {n} times (before: {before}).",
                              name=one.about, n=int(number), before=int(against))  # fmt: skip
    return ""


def _again(one: Improvement, reader: Reader) -> str:
    number, against = int(one.number), int(one.against or 0)
    match one.kind:
        case "engines":
            return reader.count("{number} engine was needed: the run was interrupted.",
                                "{number} engines were needed: the run was interrupted.",
                                number)  # fmt: skip
        case "repeated-step":
            said = "{step}: begun again {n} times after an interruption."
            return reader.say(said, step=reader.step_under_way(one.about), n=number)
        case "attempts":
            return reader.count("{number} earlier attempt with the same revision did not stay.",
                                "{number} earlier attempts with the same revision did not stay.",
                                number)  # fmt: skip
        case "served-again":
            return reader.count("The services had to be started again {number} time.",
                                "The services had to be started again {number} times.",
                                number)  # fmt: skip
        case "unsent":
            return reader.count(
                "{number} attempt to send a notice failed.",
                "{number} attempts to send a notice failed.",
                number,
            )
        case "warnings":
            return reader.count("{number} warning of the checks is left.",
                                "{number} warnings of the checks are left.", number)  # fmt: skip
        case "missing":
            return reader.count("{number} thing could not be judged by the watch.",
                                "{number} things could not be judged by the watch.",
                                number)  # fmt: skip
        case "vouched":
            return reader.say("{n} of {all} items of the checklists rest on no measurement.",
                              n=number, all=against)  # fmt: skip
    return ""
