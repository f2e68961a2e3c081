#!/bin/sh
# Starts web, worker and scheduler of HR Helper; those that run already are left alone. Where a
# broker is configured, in the environment or in .env, the last two become Celery's worker and beat.
# It returns at once; `curl http://127.0.0.1:8000/readyz` says whether the web answers.
set -eu
cd "$(dirname "$0")"
python="${HRHELPER_PYTHON:-$PWD/.venv/bin/python}"
bind="${HRHELPER_BIND:-127.0.0.1:8000}"
workers="${HRHELPER_WORKERS:-2}"
mkdir -p run logs
exec 9>run/scripts.lock
flock 9 # one start or stop at a time

# A service inherits fd 8, a lock on run/NAME.lock, so it is held for as long as a process of it
# lives: a pid alone may be that of somebody else by now.
start() (
    name="$1"
    shift
    exec 8>"run/$name.lock"
    flock --nonblock 8 || exit 0
    setsid "$@" >>"logs/$name.log" 2>&1 </dev/null 9>&- &
    echo "$!" >"run/$name.pid"
)

start web "$python" -m gunicorn --no-control-socket --bind "$bind" --workers "$workers" config.wsgi
start worker "$python" manage.py run_worker
start scheduler "$python" manage.py run_scheduler
