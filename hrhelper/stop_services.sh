#!/bin/sh
# Stops what start_services.sh started, by its pids: gracefully, then by force after 30 s.
set -eu
cd "$(dirname "$0")"

stop() {
    file="run/$1.pid"
    [ -f "$file" ] || return 0
    pid="$(cat "$file")"
    kill -TERM "$pid" 2>/dev/null || true
    left=300
    while kill -0 "$pid" 2>/dev/null; do
        if [ "$left" -eq 0 ]; then
            kill -KILL -- "-$pid" 2>/dev/null || true
            break
        fi
        left=$((left - 1))
        sleep 0.1
    done
    rm -f "$file"
}

stop scheduler
stop worker
stop web
