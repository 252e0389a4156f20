#!/usr/bin/env bash
# A desktop to throw away, for one command:  desktop_session.sh dunst|xfce4-notifyd COMMAND ARGUMENT...
#
# Gives COMMAND a screen of its own (Xvfb, 800×600), a session bus on which nothing is started by itself, empty home
# and XDG folders, and the notification server named. $DESKTOP_DIR is the folder that all of it lives in, with the
# picture of the screen in screen/Xvfb_screen0 (XWD). For dunst, whose buttons are a menu: the pattern in
# $DESKTOP_DIR/want says which line of the menu a person would pick. Ends with COMMAND's status, after it has ended
# everything that it started.
# Debian: apt-get install --no-install-recommends xvfb dbus dunst xfce4-notifyd xdotool
set -euo pipefail

wait_for_server() {
    for _ in $(seq 150); do
        dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
            string:org.freedesktop.Notifications 2>/dev/null | grep -q 'boolean true' && return
        sleep 0.1
    done
    echo "$1 did not come up:" >&2
    cat "$DESKTOP_DIR/server.log" >&2
    return 1
}

start_server() {
    case $1 in
    dunst)
        printf '#!/bin/sh\ngrep -m1 -e "$(cat "%s/want")"\n' "$DESKTOP_DIR" >"$DESKTOP_DIR/menu"
        chmod +x "$DESKTOP_DIR/menu"
        cat >"$DESKTOP_DIR/dunstrc" <<END
[global]
    origin = top-right
    offset = 20x20
    width = 400
    markup = full
    format = "<b>%s</b>\n%b"
    idle_threshold = 0
    mouse_left_click = do_action
    mouse_right_click = close_current
    dmenu = $DESKTOP_DIR/menu
END
        set -- dunst -conf "$DESKTOP_DIR/dunstrc" ;;
    xfce4-notifyd)
        set -- /usr/lib/x86_64-linux-gnu/xfce4/notifyd/xfce4-notifyd ;;
    *)
        echo "no such server: $1" >&2
        return 2 ;;
    esac
    "$@" >"$DESKTOP_DIR/server.log" 2>&1 &
    server=$!
}

on_the_bus() {
    start_server "$1"
    trap 'kill $server 2>/dev/null; wait $server 2>/dev/null || true' EXIT
    wait_for_server "$1"
    "${@:2}"
}

on_a_screen() {
    DESKTOP_DIR=$(mktemp -d)
    export DESKTOP_DIR
    for folder in home run config data cache state screen; do mkdir -m 700 "$DESKTOP_DIR/$folder"; done
    export HOME=$DESKTOP_DIR/home XDG_RUNTIME_DIR=$DESKTOP_DIR/run XDG_CONFIG_HOME=$DESKTOP_DIR/config
    export XDG_DATA_HOME=$DESKTOP_DIR/data XDG_CACHE_HOME=$DESKTOP_DIR/cache XDG_STATE_HOME=$DESKTOP_DIR/state
    export XDG_SESSION_TYPE=x11 NO_AT_BRIDGE=1 GSETTINGS_BACKEND=memory
    unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
    mkfifo "$DESKTOP_DIR/number"
    Xvfb -displayfd 3 -screen 0 800x600x24 -nolisten tcp -noreset -fbdir "$DESKTOP_DIR/screen" \
        3>"$DESKTOP_DIR/number" >"$DESKTOP_DIR/xvfb.log" 2>&1 &
    screen=$!
    trap 'kill $screen 2>/dev/null; wait $screen 2>/dev/null || true; rm -rf "$DESKTOP_DIR"' EXIT
    read -r -t 20 number <"$DESKTOP_DIR/number"
    export DISPLAY=:$number
    cat >"$DESKTOP_DIR/bus.conf" <<END
<busconfig><type>session</type><listen>unix:dir=$DESKTOP_DIR/run</listen><policy context="default">
<allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>
END
    DESKTOP_INSIDE=1 dbus-run-session --config-file="$DESKTOP_DIR/bus.conf" -- "$0" "$@"
}

if [ -n "${DESKTOP_INSIDE:-}" ]; then
    unset DESKTOP_INSIDE
    on_the_bus "$@"
else
    on_a_screen "$@"
fi
