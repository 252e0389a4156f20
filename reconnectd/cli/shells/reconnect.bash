# Completion of `reconnect` and `reconnectd` for bash; printed by `reconnect completion bash`.
_reconnect() {
    local line answer
    COMPREPLY=()
    answer=$(
        export _RECONNECT_COMPLETE=bash _RECONNECT_LINE="${COMP_LINE:0:COMP_POINT}" _RECONNECT_WORD="$2"
        "${1/#\~\//$HOME/}" 2>/dev/null
    )
    if [ "$answer" = files ]; then
        compopt -o filenames 2>/dev/null
        answer=$(compgen -f -- "$2")
    fi
    while IFS= read -r line; do
        line=${line#$'\t'}
        [ -z "$line" ] || COMPREPLY+=("${line%%$'\t'*}")
    done <<<"$answer"
}
complete -F _reconnect reconnect
complete -W "--config --verbose --version --help" reconnectd
