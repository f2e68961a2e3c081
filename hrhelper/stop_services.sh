#!/bin/sh
# Stops what start_services.sh started, by its pids: gracefully, then by force after a limit.
set -eu
cd "$(dirname "$0")"
[ -d run ] || exit 0
limit="${HRHELPER_STOP_SECONDS:-30}"
exec 9>run/scripts.lock
flock 9 # one start or stop at a time

stop() {
    # Nobody holds its lock: the service is gone, and its pid may be that of somebody else.
    if flock --nonblock "run/$1.lock" true; then
        rm -f "run/$1.pid"
        return
    fi
    pid="$(cat "run/$1.pid")"
    kill -TERM "$pid" 2>/dev/null || true
    if ! flock --timeout "$limit" "run/$1.lock" true; then
        kill -s KILL -- "-$pid" 2>/dev/null || true
        flock --timeout 10 "run/$1.lock" true || {
            echo "$1 (process group $pid) does not end" >&2
            exit 1
        }
    fi
    rm -f "run/$1.pid"
}

stop scheduler
stop worker
stop web
