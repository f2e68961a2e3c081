#!/bin/sh
# Starts web, worker and scheduler of HR Helper; those that run already are left alone.
set -eu
cd "$(dirname "$0")"
python="${HRHELPER_PYTHON:-$PWD/.venv/bin/python}"
bind="${HRHELPER_BIND:-127.0.0.1:8000}"
workers="${HRHELPER_WORKERS:-2}"
mkdir -p run logs

start() {
    name="$1"
    shift
    if [ -f "run/$name.pid" ] && kill -0 "$(cat "run/$name.pid")" 2>/dev/null; then
        return
    fi
    setsid "$@" >>"logs/$name.log" 2>&1 </dev/null &
    echo "$!" >"run/$name.pid"
}

start web "$python" -m gunicorn --bind "$bind" --workers "$workers" config.wsgi
start worker "$python" manage.py run_worker
start scheduler "$python" manage.py run_scheduler
