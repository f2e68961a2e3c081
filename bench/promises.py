"""What must be reached, and whether it was. Pure: the results in, one line a promise out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_SHARE_OF_SHELL, _MIGRATION_PLUS_S = 0.2, 2.0
_SWAP_S, _ROLLBACK_S = 0.1, 5.0
_BACKUP_RATIO, _BACKUP_BYTES = 1.25, 200_000_000
_STATUS_RATIO = 2.5


@dataclass(frozen=True)
class Promise:
    """`reached` is None where it could not be measured, which is never counted as good."""

    name: str
    figure: str
    limit: str
    reached: bool | None


def promises(results: dict[str, Any]) -> tuple[Promise, ...]:
    """All of them, in the order in which they are told."""
    shell, parom = results["shell"], results["parom"]
    downtime = parom["over"]["downtime_s"]
    share = downtime / shell["over"]["downtime_s"]
    migration = parom["over"]["migration_sql_s"]
    rest = downtime - migration
    status = results["status"]
    ratio = status["status_s"] / status["django_s"]
    return (
        _judged(
            "downtime, of the shell plan's",
            share,
            _SHARE_OF_SHELL,
            _times(share),
            f"{_SHARE_OF_SHELL:g}",
        ),
        _judged(
            "downtime, beyond the migration's SQL",
            rest,
            _MIGRATION_PLUS_S,
            f"{downtime:.2f} s - {migration:.2f} s = {rest:.2f} s",
            f"{_MIGRATION_PLUS_S:g} s",
        ),
        Promise(
            "no failed request while held",
            f"{parom['over']['failed']} of {parom['over']['requests']}",
            "0",
            parom["over"]["failed"] == 0,
        ),
        Promise(
            "no acknowledged write lost without being listed",
            str(parom["writes"]["lost"] + parom["writes_over"]["lost"]),
            "0",
            parom["writes"]["lost"] + parom["writes_over"]["lost"] == 0,
        ),
        *(
            _judged(
                f"database's return at {one['size_bytes'] / 1e6:.0f} MB",
                one["worst_s"],
                _SWAP_S,
                f"{1000 * one['worst_s']:.1f} ms",
                f"{1000 * _SWAP_S:.0f} ms",
            )
            for one in results["swaps"]
        ),
        _judged(
            "rollback until the public is in",
            parom["back"]["until_open_s"],
            _ROLLBACK_S,
            f"{parom['back']['until_open_s']:.2f} s",
            f"{_ROLLBACK_S:g} s",
        ),
        *_backup(results["backup"]),
        _judged(
            "parom status, of `import django.db.models`",
            ratio,
            _STATUS_RATIO,
            f"{ratio:.2f} times",
            f"{_STATUS_RATIO:g}",
        ),
    )


def _backup(backup: dict[str, Any]) -> tuple[Promise, ...]:
    memory = backup["parom_peak_rss_bytes"]
    most = f"{_BACKUP_BYTES / 1e6:.0f} MB"
    used = _judged("backup's memory", memory, _BACKUP_BYTES, f"{memory / 1e6:.0f} MB", most)
    name, ratio = "verified backup, of `zstd -1 -T2 | age`", backup["ratio"]
    limit = f"{_BACKUP_RATIO:g}"
    if ratio is None:
        return Promise(name, "age or zstd is not installed", limit, None), used
    return _judged(name, ratio, _BACKUP_RATIO, f"{ratio:.2f} times", limit), used


def _judged(name: str, value: float, most: float, figure: str, limit: str) -> Promise:
    """`figure` and `limit` are `value` and `most` with their units."""
    return Promise(name, figure, limit, value <= most)


def _times(share: float) -> str:
    return f"{share:.2f} (1/{1 / share:.1f})" if share else "0"
