"""Elements of HTML, built as a tree: every text is escaped by construction."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from parom.report.printable import printable

Element = ET.Element


def element(
    tag: str, *content: str | Element | dict[str, str], cls: str = "", **attributes: str
) -> Element:
    """An element with its texts, children and attributes, in this order."""
    made = ET.Element(tag, {key: value for key, value in attributes.items() if value})
    if cls:
        made.set("class", cls)
    last: Element | None = None
    for one in content:
        if isinstance(one, dict):
            made.attrib.update(one)
        elif isinstance(one, str):
            text = one if tag == "style" else _spaced(one)
            if last is None:
                made.text = (made.text or "") + text
            else:
                last.tail = (last.tail or "") + text
        else:
            made.append(one)
            last = one
    return made


def _spaced(text: str) -> str:
    return text if text == " " else printable(text)
