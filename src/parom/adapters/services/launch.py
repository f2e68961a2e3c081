"""Starts one service of a release: `python -I -S launch.py COMMANDS NAME [FD]`.

Run by the supervisor for every start, so it imports nothing but the standard library. COMMANDS
is a JSON file that Parom writes. The running path is resolved *now*, to the release that is
current at this moment; the environment file is read here, so that no secret stands in a
configuration or an argument; then this process becomes the service.
"""

import json
import os
import sys
from pathlib import Path


def main():
    file, name, *socket = sys.argv[1:]
    with open(file, encoding="utf-8") as stream:
        command = json.load(stream)[name]
    root = os.path.realpath(command["root"])
    values = {"{python}": os.path.join(root, ".venv", "bin", "python")}
    if socket:
        values["{bind}"], values["{fd}"] = "fd://" + socket[0], socket[0]
    argv = [filled(one, values) for one in command["argv"]]
    environment = dict(os.environ)
    if command["env_file"]:
        sys.path.insert(0, command["appside"])
        from envfile import read_env_file  # the reader that the rest of Parom uses

        if os.path.exists(command["env_file"]):
            environment.update(read_env_file(Path(command["env_file"])))
    # Last: what was checked and rehearsed is what runs.
    if command["settings"]:
        environment["DJANGO_SETTINGS_MODULE"] = command["settings"]
    log = os.open(command["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    environment["VIRTUAL_ENV"] = os.path.join(root, ".venv")
    environment["PATH"] = os.path.join(root, ".venv", "bin") + ":" + environment.get("PATH", "")
    try:
        os.chdir(os.path.join(root, command["folder"]))
        os.execvpe(argv[0], argv, environment)
    except OSError as problem:
        sys.stderr.write("cannot start %s: %s\n" % (argv[0], problem))
        sys.exit(127)


def filled(text, values):
    for name, value in values.items():
        text = text.replace(name, value)
    return text


if __name__ == "__main__":
    main()
