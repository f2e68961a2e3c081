#!/bin/sh
# The deployment as the team did it by hand, with its written plan pasted into a script.
#
#   shell_plan.sh APP NEW COPY URL
#
# APP is the folder in which the application lives with its database, settings and
# environment; NEW a checkout of the new release; COPY where the copy goes. It is an honest
# plan: nothing waits longer than it must, and nothing that the plan asks for is left out.
# Each step is told on standard output with the time at which it began.
set -eu
app=$1 new=$2 copy=$3 url=$4
python="$app/.venv/bin/python"
command -v curl >/dev/null || { echo "this plan needs curl" >&2; exit 2; }
say() { printf '%s %s\n' "$(date +%s.%N)" "$1"; }

say stop
(cd "$app" && ./stop_services.sh)

say copy # code, database, settings and media of what is stopped: the only way back
cp -r "$app" "$copy"

say code
cp -r "$new/." "$app/"

say dependencies
"$python" -m pip install --quiet --disable-pip-version-check --require-hashes \
    -r "$app/requirements.txt"

cd "$app"
say check
"$python" manage.py check --deploy

say migrate
"$python" manage.py migrate --no-input --verbosity 0

say static
"$python" manage.py collectstatic --no-input --verbosity 0

say start
./start_services.sh

say health
left=600
until curl --silent --fail --output /dev/null "$url"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "it never became healthy" >&2; exit 1; }
    sleep 0.2
done
say done
