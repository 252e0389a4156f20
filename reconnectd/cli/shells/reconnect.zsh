#compdef reconnect reconnectd
# Completion of `reconnect` and `reconnectd` for zsh; printed by `reconnect completion zsh`.
_reconnect() {
    local answer line word what
    local -a found
    if [[ $service = reconnectd ]]; then
        _arguments '--config[the config file, in place of the usual one]:file:_files' '--verbose[log more]' \
            '--version[show the version]' '--help[show what can be said]'
        return
    fi
    answer=$(
        export _RECONNECT_COMPLETE=zsh _RECONNECT_LINE="${(j: :)words[1,CURRENT-1]} $PREFIX"
        "${(Q)words[1]/#\~\//$HOME/}" 2>/dev/null
    )
    if [[ $answer = files ]]; then
        _files
        return
    fi
    for line in ${(f)answer}; do
        word=${${line#$'\t'}%%$'\t'*} what=${line##*$'\t'}
        found+=("${word//:/\\:}:$what")
    done
    _describe -V reconnect found
}
compdef _reconnect reconnect reconnectd
