"""Compiles the catalogues of translations: `python compile_messages.py [FOLDER]`.

A .mo is made of each .po below the folder (default: locale/). Django's own command for it needs
GNU gettext on the machine; the format is that of its manual, "The Format of GNU MO Files".
"""

import ast
import os
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

MAGIC, REVISION, HEADER_BYTES, ENTRY_BYTES = 0x950412DE, 0, 28, 8
CONTEXT_END, FORM_END = "\x04", "\x00"


def compile_folder(folder: Path) -> list[Path]:
    """Write a .mo beside each .po below the folder, where it is another; which they are."""
    written = []
    for source in sorted(folder.rglob("*.po")):
        target = source.with_suffix(".mo")
        _put(target, compiled(source.read_text("utf-8")))
        written.append(target)
    return written


def _put(target: Path, content: bytes) -> None:
    """Whoever reads it meanwhile, or compiles it, too, finds all of it; the same stays as it is."""
    if target.exists() and target.read_bytes() == content:
        return
    new = target.with_name(f"{target.name}.{os.getpid()}")
    new.write_bytes(content)
    new.replace(target)


def compiled(catalogue: str) -> bytes:
    """The bytes of a .mo. What is not translated, or marked fuzzy, is left out."""
    pairs = sorted((one.encode(), other.encode()) for one, other in translations(catalogue))
    ids = b"".join(one + b"\0" for one, _ in pairs)
    texts = b"".join(other + b"\0" for _, other in pairs)
    tables = HEADER_BYTES + 2 * ENTRY_BYTES * len(pairs)
    header = struct.pack(
        "<7I", MAGIC, REVISION, len(pairs), HEADER_BYTES,
        HEADER_BYTES + ENTRY_BYTES * len(pairs), 0, tables,
    )  # fmt: skip
    places = _places([one for one, _ in pairs], tables)
    places += _places([other for _, other in pairs], tables + len(ids))
    return header + places + ids + texts


def translations(catalogue: str) -> Iterator[tuple[str, str]]:
    """(id, text) of each entry, with contexts and plural forms joined as a .mo holds them."""
    for block in catalogue.split("\n\n"):
        fields = _fields(block)
        texts = [fields[name] for name in sorted(fields) if name.startswith("msgstr")]
        if "msgid" not in fields or "#, fuzzy" in block or not all(texts):
            continue
        key = fields["msgid"]
        if "msgid_plural" in fields:
            key += FORM_END + fields["msgid_plural"]
        if "msgctxt" in fields:
            key = fields["msgctxt"] + CONTEXT_END + key
        yield key, FORM_END.join(texts)


def _fields(block: str) -> dict[str, str]:
    """msgid, msgstr, msgstr[0] and the like, each with all its lines."""
    fields: dict[str, str] = {}
    name = ""
    for line in block.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if not line.startswith('"'):
            name, _, line = line.partition(" ")
        fields[name] = fields.get(name, "") + ast.literal_eval(line)
    return fields


def _places(strings: list[bytes], start: int) -> bytes:
    """Length and offset of each; they lie one behind the other, each with a zero byte."""
    places = b""
    for one in strings:
        places += struct.pack("<2I", len(one), start)
        start += len(one) + 1
    return places


if __name__ == "__main__":
    compile_folder(Path(sys.argv[1] if len(sys.argv) > 1 else "locale"))
