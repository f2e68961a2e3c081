#!/bin/sh
# The team's way back: stop, put the copy where the application was, start, curl.
#
#   shell_return.sh APP COPY URL
#
# What users wrote since the copy was made is gone with it; nobody is told.
set -eu
app=$1 copy=$2 url=$3
command -v curl >/dev/null || { echo "this plan needs curl" >&2; exit 2; }
say() { printf '%s %s\n' "$(date +%s.%N)" "$1"; }

say stop
(cd "$app" && ./stop_services.sh)

say restore # the copy stays: it is the only one
rm -rf "$app"
cp -r "$copy" "$app"

say start
cd "$app"
./start_services.sh

say health
left=600
until curl --silent --fail --output /dev/null "$url"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "it never became healthy" >&2; exit 1; }
    sleep 0.2
done
say done
