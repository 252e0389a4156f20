#!/usr/bin/env bash
# Makes the pictures of the README, with the installed programs: week.svg from a week in November, bubble.png from a
# real desktop that nobody sees, on which the real daemon says its word.
# Debian: apt-get install --no-install-recommends dbus faketime imagemagick xdotool xfce4-notifyd xvfb
# The programs are taken from PATH, or from .venv.
set -euo pipefail

docs=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$docs")
export PATH=$PATH:$root/.venv/bin LANG=C.UTF-8

configure() {
    mkdir -p -m 700 "$XDG_CONFIG_HOME/reconnectd"
    cat >"$XDG_CONFIG_HOME/reconnectd/config.toml"
}

# A Friday afternoon: what has been, and what is to come.
draw_week() {
    export TZ=Europe/Berlin
    configure <<'END'
[people]
me = "Alex"
partner = "Sam"
household = "k3v9-rt2p"

[routine.sunday-talk]
practice = "check-in"
on = "sun"
at = "17:00"
lasting = "45 min"

[routine.date-night]
practice = "quality-time"
on = "fri"
at = "19:30"
lasting = "2h"

[routine.good-news]
practice = "listening"
title = "Ask for the good news of the day"
on = ["mon", "wed"]
at = "18:15"

[routine.morning-walk]
practice = "quality-time"
on = "sat"
at = "10:00"
lasting = "1h"

[routine.small-touch]
practice = "affection"
title = "A small touch"
times = "4 per week"
within = ["17:00-21:30"]
surprise = true
END
    at "2026-11-23 08:00" reconnect next
    at "2026-11-23 18:20" reconnect done good-news
    at "2026-11-25 18:20" reconnect skip good-news
    at "2026-11-26 20:00" reconnect move "sun 10:30" morning-walk
    at "2026-11-27 15:00" reconnect week --svg "$docs/week.svg"
    chmod 644 "$docs/week.svg"
}

at() {
    faketime "$@" >"$home/said" || { cat "$home/said"; return 1; }
}

# The reminder of an evening that begins within the hour: any day has one, somewhere on earth.
show_bubble() {
    TZ=$(evening)
    export TZ
    configure <<'END'
[people]
me = "Alex"
partner = "Sam"

[routine.date-night]
practice = "quality-time"
title = "Date night"
on = "daily"
at = "19:30"
lasting = "2h"
remind = ["1h"]
END
    reconnectd 2>"$DESKTOP_DIR/log" &
    daemon=$!
    trap 'kill $daemon; wait $daemon || true' EXIT
    bubble=$(visible_bubble) || { cat "$DESKTOP_DIR/log" >&2; exit 1; }
    sleep 2
    xdotool mousemove 10 590
    import -window "$bubble" -strip "$docs/bubble.png"
}

# A zone in which it is between 18:30 and 19:30 now.
evening() {
    for offset in $(seq -14 12); do
        zone=Etc/GMT$(printf '%+d' "$offset")
        now=$(TZ=$zone date +%H%M)
        [ "$now" -lt 1830 ] || [ "$now" -ge 1930 ] || { echo "$zone"; return; }
    done
    return 1
}

visible_bubble() {
    for _ in $(seq 100); do
        xdotool search --onlyvisible --class xfce4-notifyd 2>/dev/null | tail -n 1 | grep . && return
        sleep 0.2
    done
    echo "no bubble came" >&2
    return 1
}

if [ "${1:-}" = bubble ]; then
    show_bubble
    exit
fi
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export HOME=$home XDG_RUNTIME_DIR=$home/run XDG_CONFIG_HOME=$home/config XDG_STATE_HOME=$home/state XDG_DATA_HOME=$home/data
mkdir -m 700 "$XDG_RUNTIME_DIR"
draw_week
"$root/tests/desktop_session.sh" xfce4-notifyd "$docs/pictures.sh" bubble
