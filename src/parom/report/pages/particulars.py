"""Release notes, backups and warnings."""

from __future__ import annotations

from parom.report.document import Copied, Section, Table, Text, Tone
from parom.report.pages.reader import Reader
from parom.report.printable import printable
from parom.report.record import DeploymentReport, ReleaseNotes


def release_notes(report: DeploymentReport, reader: Reader) -> Section | None:
    if report.release_notes is None:
        return None
    text = notes_entry(report.release_notes, reader)
    return Section("release-notes", reader.say("Release notes"), (Copied(text),))


def notes_entry(notes: ReleaseNotes, reader: Reader) -> str:
    """The entry as Markdown, of lines that hold nothing but what they say."""
    head = f"## {printable(notes.release)} · {reader.moment(notes.at)}"
    lines = [head, "", f"- {reader.say('Source: {what}', what=printable(notes.source))}"]
    if notes.revision:
        lines.append(f"- {reader.say('Revision: {what}', what=printable(notes.revision))}")
    if notes.replaced:
        lines.append(f"- {reader.say('Replaces {what}', what=printable(notes.replaced))}")
    if notes.migrations:
        names = ", ".join(map(printable, notes.migrations))
        lines.append(f"- {reader.say('Migrations: {what}', what=names)}")
    else:
        lines.append(f"- {reader.say('No migration')}")
    if notes.reason:
        lines.append(f"- {reader.say('Reason: {what}', what=printable(notes.reason))}")
    lines += [f"- {printable(one)}" for one in notes.changes]
    if notes.taken_back:
        lines.append(f"- {reader.say('Taken back on {at}', at=reader.moment(notes.taken_back))}")
    lines.append(f"- {reader.say('Deployed by {who}', who=printable(notes.who))}")
    return "\n".join(lines)


def backups(report: DeploymentReport, reader: Reader) -> Section | None:
    if not report.backups:
        return None
    columns = (
        reader.say("Backup"),
        reader.say("Made"),
        reader.say("Rows"),
        reader.say("Size, encrypted"),
        reader.say("Unpacked and compared"),
    )
    rows = tuple(
        (
            one.id,
            reader.moment(one.at),
            str(one.rows),
            reader.size(one.cipher_bytes),
            reader.say("yes") if one.verified else reader.say("no"),
        )
        for one in report.backups
    )
    tones = tuple(Tone.PLAIN if one.verified else Tone.BAD for one in report.backups)
    table = Table(columns, rows, numbers=frozenset({2, 3}), tones=tones)
    return Section("backups", reader.say("Backups"), (table,))


def warnings(report: DeploymentReport, reader: Reader) -> Section | None:
    if not report.warned:
        return None
    columns = (reader.say("Gate"), reader.say("Warning"), reader.say("What to do"))
    rows = tuple(
        (one.gate, reader.told(one.fact), reader.told(one.cure) or "–") for one in report.warned
    )
    said = Text(reader.say("None of them stops a deployment."), Tone.QUIET)
    return Section("warnings", reader.say("Warnings"), (Table(columns, rows), said))
