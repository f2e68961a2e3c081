"""Keep what runs now as a release, so that there is a way back."""

from __future__ import annotations

import shutil

from parom.steps.step import Context, Data, Plain


class AdoptInstallation(Plain):
    name = "installation.adopt"

    def run(self, context: Context) -> Data:
        installation = context.installation
        for left in installation.layout.debris():
            # No run waits when a new one begins: whatever is incomplete is nobody's.
            shutil.rmtree(left)
        context.checkpoint()
        release = installation.layout.adopt_running(installation.clock.now())
        return {"release": release.id, "revision": release.revision}


def way_back(context: Context) -> str:
    """The release that ran when the run began; empty for a first installation."""
    found = context.results.get("installation.adopt", {}).get("release", "")
    return str(found) or context.plan.from_release
