"""Which file a generation of a log has become."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from parom.watch.log_files import HEAD_BYTES, TAIL_BYTES, LogFile, hashed
from parom.watch.position import Generation

Pair = tuple[Generation, LogFile]


def beginning_of(file: LogFile) -> Generation:
    """A generation of which nothing was read yet."""
    head = file.bytes_at(0, HEAD_BYTES)
    return Generation(
        inode=file.inode,
        offset=0,
        head=hashed(head),
        head_bytes=len(head),
        tail="",
        tail_bytes=0,
        live=file.live,
        size=file.size,
        changed_ns=0,
    )


def end_of(file: LogFile) -> Generation:
    """A generation of which nothing that is there now shall be read."""
    begun = beginning_of(file)
    if file.compressed:
        return replace(begun, whole=True)
    last = file.bytes_at(max(0, file.size - _LONGEST_LINE), _LONGEST_LINE)
    offset = file.size - (len(last) - last.rfind(b"\n") - 1)  # a line that goes on is read whole
    return after_reading(begun, offset, last[: last.rfind(b"\n") + 1])


_LONGEST_LINE = 64 * 1024


def after_reading(generation: Generation, offset: int, data: bytes) -> Generation:
    """The generation once `data`, which ends at `offset`, was handed on."""
    tail, head = data[-TAIL_BYTES:], data[:HEAD_BYTES]
    if offset == len(data) and len(head) > generation.head_bytes:  # it was empty until now
        generation = replace(generation, head=hashed(head), head_bytes=len(head))
    return replace(generation, offset=offset, tail=hashed(tail), tail_bytes=len(tail))


def recognised(generations: Iterable[Generation], files: Iterable[LogFile]) -> list[Pair]:
    """Each generation that still exists, with its file: the same inode with the same content,
    else another file that its content has moved to."""
    generations = tuple(generations)
    left = {file.inode: file for file in files}
    found: dict[Generation, LogFile] = {}
    for one in generations:
        file = left.get(one.inode)
        if one.head_bytes and file is not None and _is_still(one, file):
            found[one] = left.pop(file.inode)
    for one in generations:
        if one.head_bytes and one not in found:
            # The log itself comes last: an editor, or whoever restores it, puts a copy there.
            moved = (file for file in left.values() if _may_hold(one, file) and _holds(one, file))
            if (file := next(moved, None)) is not None:
                found[one] = left.pop(file.inode)
    # What was empty is known by its inode alone, which may be given out again: to a copy, say.
    for one in generations:
        file = left.get(one.inode)
        if not one.head_bytes and file is not None and _may_be(file, found.values()):
            found[one] = left.pop(file.inode)
    return [(one, found[one]) for one in generations if one in found]


def _may_hold(generation: Generation, file: LogFile) -> bool:
    return not file.live or (generation.live and generation.tail_bytes > 0)


def _may_be(file: LogFile, originals: Iterable[LogFile]) -> bool:
    return file.live or not file.size or _is_no_copy(file, originals)


def new_ones(files: Iterable[LogFile], pairs: Iterable[Pair]) -> list[Pair]:
    """The files that are generations nobody knew, oldest first, and no copies in the making.

    A file that is no more than the beginning of another one is taken for its copy: what copies
    before it truncates, and what compresses before it removes, has both for a while.
    """
    files, originals = tuple(files), [file for _, file in pairs]
    taken = {file.inode for file in originals}
    found = set()
    # An original before what may be its copy.
    for file in sorted(files, key=lambda one: (not one.live, one.compressed)):
        if file.inode not in taken and (file.live or _is_no_copy(file, originals)):
            originals.append(file)
            found.add(file.inode)
    return [(beginning_of(file), file) for file in files if file.inode in found]


def _is_no_copy(file: LogFile, originals: Iterable[LogFile]) -> bool:
    head = file.bytes_at(0, HEAD_BYTES)
    if not head:  # empty; or compressed and not readable yet; or not readable at all, to be told
        return file.size > 0 and not file.compressed
    return not any(_is_copy(file, head, original) for original in originals)


def _is_still(generation: Generation, file: LogFile) -> bool:
    seen = (generation.size, generation.changed_ns)
    return (file.size, file.changed_ns) == seen or _holds(generation, file)


def _holds(generation: Generation, file: LogFile) -> bool:
    """Whether the content of a file begins with what was read of a generation."""
    if not file.compressed and file.size < generation.offset:
        return False
    count = generation.head_bytes
    if count and file.hash_at(0, count) != generation.head:
        return False
    count = generation.tail_bytes
    return not count or file.hash_at(generation.offset - count, count) == generation.tail


def _is_copy(file: LogFile, head: bytes, original: LogFile) -> bool:
    if original.bytes_at(0, len(head)) != head:
        return False
    if file.compressed or original.compressed:
        return True
    end = max(0, file.size - TAIL_BYTES)
    return original.bytes_at(end, file.size - end) == file.bytes_at(end, file.size - end)
