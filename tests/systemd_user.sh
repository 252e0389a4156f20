#!/usr/bin/env bash
# systemd_user.sh [--nobody | --namespaces] COMMAND…: runs COMMAND next to a `systemd --user` of its own, ends with its exit status.
#
# The manager lives in namespaces of its own, so that neither a systemd on the machine nor its absence matters;
# everything started in there dies with them. It keeps root's uid, to be able to read any interpreter, but has no
# capability; with --nobody it is nobody's, and what an ordinary user's manager can't do fails as it does there.
# A user namespace is refused to it, because root's uid may be mapped into one only by who has CAP_SETFCAP (since
# Linux 5.12): with --namespaces it has that one, and gets what an ordinary user gets.
# COMMAND finds HOME (fresh, below /home), XDG_RUNTIME_DIR and DBUS_SESSION_BUS_ADDRESS, and `systemctl --user` works.
#
# Needs root, and the Debian packages systemd, dbus-user-session and util-linux.
# 71: the kernel refused a namespace, a mount or a cgroup. 70: the manager or the journal didn't come up.
set -euo pipefail
umask 022 # whoever runs this may have a stricter one, and others must see the folders made here

refused() { echo "refused: $*" >&2; exit 71; }

outside() {
    local tree=/sys/fs/cgroup home status=0
    [ ! -d "$tree/unified" ] || tree=$tree/unified
    group=$tree/reconnectd-test-$$
    mkdir "$group" 2>/dev/null || refused "a cgroup of our own"
    home=$(mktemp -d)
    trap 'leave "$group" "$home"' EXIT
    (
        echo 0 >"$group/cgroup.procs" 2>/dev/null || refused "moving into a cgroup"
        exec unshare --mount --pid --ipc --uts --cgroup --fork --kill-child --mount-proc \
            bash "$0" --inside "$uid" "$home" "$namespaces" "$@"
    ) || status=$?
    exit "$status"
}

# The cgroups that the manager made go one by one, from the leaves up, as soon as the kernel has emptied them.
leave() {
    rm -rf "$2"
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        find "$1" -depth -type d -exec rmdir {} + 2>/dev/null
        [ -d "$1" ] || return 0
        sleep 0.2
    done
}

inside() {
    local uid=$1 home=$2 runtime=/run/user/$1 less=("--bounding-set=-all$3")
    shift 3
    [ "$uid" = 0 ] || less=(--reuid "$uid" --regid "$uid" --clear-groups)
    own_run "$runtime" || refused "mounts of our own"
    own_home "$home" || refused "a home of our own"
    home=/home/alex
    own_cgroups || refused "the cgroup file system"
    chown -R "$uid:$uid" "$home" "$runtime" /sys/fs/cgroup/manager
    /lib/systemd/systemd-journald & # whatever the services say is kept there
    patiently test -S /run/systemd/journal/stdout || { echo "systemd-journald didn't come up" >&2; exit 70; }

    local clean=(env -i "HOME=$home" "PATH=$PATH" "XDG_RUNTIME_DIR=$runtime" LANG=C.UTF-8
        "DBUS_SESSION_BUS_ADDRESS=unix:path=$runtime/bus"
        setpriv "${less[@]}" --inh-caps=-all)
    (
        echo 0 >/sys/fs/cgroup/manager/cgroup.procs
        exec "${clean[@]}" /lib/systemd/systemd --user --log-target=journal --log-level=debug
    ) &
    patiently up "${clean[@]}" || { echo "systemd --user didn't come up" >&2; exit 70; }
    "${clean[@]}" "$@"
}

own_run() {
    mount -t tmpfs -o mode=755 tmpfs /run || return
    mkdir -p "$1" /run/systemd/{system,journal,unit-root,propagate,inaccessible/dir}
    chmod 700 "$1"
    mount -t tmpfs -o mode=755 tmpfs /var/log || return
    [ -s /etc/machine-id ] || {
        tr -d - </proc/sys/kernel/random/uuid >/run/machine-id
        mount --bind /run/machine-id /etc/machine-id || return
    }
}

# Everybody else who lives on this machine stays visible: they are what is to be hidden. Sam has nothing in it.
own_home() {
    mkdir -p /run/homes/{upper/{alex,sam},work} || return
    mount -t overlay overlay -o lowerdir=/home,upperdir=/run/homes/upper,workdir=/run/homes/work /home || return
    mount --bind "$1" /home/alex
}

# Processes and a delegated subtree can't share a cgroup: everybody who is here moves aside first.
own_cgroups() {
    local pid
    umount --recursive --lazy /sys/fs/cgroup 2>/dev/null
    mount -t cgroup2 cgroup2 /sys/fs/cgroup || return
    mkdir /sys/fs/cgroup/{aside,manager} || return
    while read -r pid; do
        echo "$pid" >/sys/fs/cgroup/aside/cgroup.procs 2>/dev/null || true
    done </sys/fs/cgroup/cgroup.procs
}

up() {
    case $("$@" systemctl --user is-system-running 2>/dev/null) in running | degraded) ;; *) false ;; esac
}

patiently() {
    for _ in {1..100}; do
        "$@" && return
        sleep 0.1
    done
    return 1
}

uid=0 namespaces=
if [ "${1:-}" = --inside ]; then
    shift
    inside "$@"
else
    [ "${1:-}" != --nobody ] || { uid=65534; shift; }
    [ "${1:-}" != --namespaces ] || { namespaces=,+setfcap; shift; }
    [ "$(id -u)" = 0 ] || refused "namespaces, to anybody but root"
    outside "$@"
fi
