# Completion of `reconnect` and `reconnectd` for fish; printed by `reconnect completion fish`.
function __reconnect_complete
    set -lx _RECONNECT_COMPLETE fish
    set -lx _RECONNECT_LINE (commandline -cp | string collect)
    set -l program (string replace -r '^~/' $HOME/ -- (commandline -opc)[1])
    set -l answer ($program 2>/dev/null)
    if test "$answer" = files
        __fish_complete_path (commandline -ct)
    else
        string replace -r '^\t' '' -- $answer
    end
end
complete -c reconnect -f -a '(__reconnect_complete)'
complete -c reconnectd -f
complete -c reconnectd -l config -r -F -d 'the config file, in place of the usual one'
complete -c reconnectd -l verbose -d 'log more'
complete -c reconnectd -l version -d 'show the version'
complete -c reconnectd -s h -l help -d 'show what can be said'
