"""Give the release its environment, its shared files and its static files."""

from __future__ import annotations

from parom.build.compiling import compile_tree
from parom.build.environment import build_environment
from parom.steps.adopt import way_back
from parom.steps.step import Context, Data, Plain


class BuildRelease(Plain):
    name = "release.build"

    def run(self, context: Context) -> Data:
        installation, plan = context.installation, context.plan
        path = installation.layout.path_of(plan.release_id)
        built = build_environment(
            path,
            python=installation.config.release.python,
            dependencies=installation.config.release.dependencies,
            host=installation.host,
            log=context.folder / "build.log",
        )
        context.checkpoint()
        compile_tree(path, installation.host)
        context.checkpoint()
        installation.layout.link_shared(plan.release_id)
        context.checkpoint()
        if installation.config.release.collect_static:
            installation.application(path, {}).collect_static()
        return {"python": built.python_version, "how": built.how, "from": way_back(context)}
