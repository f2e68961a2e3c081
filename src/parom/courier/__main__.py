"""A courier that is started by itself: `python -m parom.courier PAROM.TOML RUN EPOCH`."""

from __future__ import annotations

import sys
from pathlib import Path

from parom.courier.process import main
from parom.parent import name_process

if __name__ == "__main__":
    name_process("parom-courier")
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], epoch=int(sys.argv[3])))
