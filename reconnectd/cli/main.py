"""`reconnect`: the list of commands, options that stand anywhere, and errors in one sentence.

A command's module is imported when the command is called. `--config`, `--json` and `--verbose` are taken out of the
words first, wherever they stand; --at belongs to the commands that know it, or stands before one of them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from reconnectd import __version__
from reconnectd.cli.output import Output
from reconnectd.errors import ReconnectdError, WrongUsage
from reconnectd.wiring.session import Session

# command: (module in reconnectd.cli, attribute, one line for --help)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "init": ("setup", "init", "Make a config to start from."),
    "config": ("config_file", "config", "Check, show or edit the config."),
    "next": ("agenda", "next_", "What comes next."),
    "week": ("agenda", "week", "This week, and what became of it."),
    "plan": ("agenda", "plan", "The days ahead."),
    "why": ("agenda", "why", "Why something stands where it stands."),
    "done": ("answers", "done", "It happened."),
    "skip": ("answers", "skip", "Not this time."),
    "snooze": ("answers", "snooze", "Say it again later."),
    "move": ("answers", "move", "Put it elsewhere."),
    "undo": ("undoing", "undo", "Take the last answer back."),
    "pause": ("rests", "pause", "Rest a routine, or everything."),
    "resume": ("rests", "resume", "End a rest."),
    "not-today": ("spells", "not_today", "No more words today."),
    "lighter": ("spells", "lighter", "Fewer words for a while."),
    "apart": ("spells", "apart", "In different places for a while."),
    "stop": ("stopping", "stop", "End it kindly."),
    "check-in": ("practice.check_in", "check_in", "Two minutes alone: how it is, and where the load comes from."),
    "talk": ("practice.talk", "talk", "An agenda for the two of you."),
    "listen": ("practice.listening", "listen", "Listen to each other by turns, with a timer."),
    "letter": ("letter", "letter", "Half a page for your partner."),
    "remember": ("practice.remembering", "remember", "A word at a time, once."),
    "topic": ("practice.topics", "topic", "Something to talk about, at a calm time."),
    "thanks": ("practice.thanks", "thanks", "Keep what you are thankful for."),
    "memory": ("practice.memories", "memory", "Keep one line of time together."),
    "feel": ("practice.feeling", "feel", "Find a word for what you feel, and a draft to say it with."),
    "reappraise": ("practice.reappraising", "reappraise", "Seven minutes of writing: a disagreement, seen fairly."),
    "stats": ("practice.stats", "stats", "What happened, in words and small counts."),
    "report": ("practice.report", "report", "A month in a few lines, for yourself."),
    "idea": ("practice.ideas", "idea", "Something to do together."),
    "deck": ("practice.deck", "deck", "Look at a deck of ideas."),
    "log": ("history", "log", "What happened, when."),
    "conflicts": ("history", "conflicts", "What was decided from the calendar."),
    "sync": ("syncing", "sync", "Bring the calendar and the plan in step now."),
    "status": ("health", "status", "How things stand."),
    "doctor": ("health", "doctor", "Look closer, with a cure for each trouble."),
    "backup": ("backup", "backup", "Keep a copy of what is stored."),
    "seal": ("sealing", "seal", "Close what you write for yourself with a key in your keyring."),
    "export": ("carrying", "export", "Write what is stored into a file."),
    "import": ("carrying", "import_", "Take in what was exported."),
    "wipe": ("wiping", "wipe", "Delete all that is stored, for good."),
    "notify": ("health", "notify", "Try a notification."),
    "calendar": ("syncing", "calendar", "The embedded calendar's address, user and password."),
    "service": ("service", "service", "Install, remove or look at the user service."),
    "help": ("safety", "help_", "Help about a command; `help safety`: where to turn."),
    "completion": ("completion", "completion", "Let your shell complete what you type."),
}
KNOW_AT = {"next", "week", "plan", "why", "stats", "log", "conflicts", "status", "done", "remember"}
"""Commands for which --at means something."""

TAKE_NAMES = {"why", "done", "skip", "snooze", "move", "pause", "resume", "not-today"}
"""Commands after which a routine, or one day of it, is named."""

WRITE_WORDS = {"thanks", "memory", "feel", "reappraise", "topic", "check-in", "talk", "import", "idea"}
"""Commands about what a person writes for themselves: where it is sealed, they ask for its key before all else."""

NEAR = 0.75
"""How alike a word and a command are when it is taken for a slip of the finger; "topic" is none for `stop`. Letters
that changed places come first: "stauts" is `status`, not `stats`."""

ANYWHERE = {
    "--config": "The config file, in place of the usual one.",
    "--json": "One JSON document on standard output, nothing else.",
    "--verbose": "More about what goes wrong.",
}
"""Options that may stand anywhere."""


class Commands(click.Group):
    """A group whose commands are imported when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """All names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        import importlib

        module, attribute, _ = COMMANDS[cmd_name]
        command = getattr(importlib.import_module(f"reconnectd.cli.{module}"), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list in --help, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, _, words) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """With a near name when there is none of that name."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, cutoff=NEAR)
            near.sort(key=lambda name: sorted(name) != sorted(args[0]))
            hint = f'; did you mean "{near[0]}"?' if near else ""
            raise click.UsageError(f'there is no command "{args[0]}"{hint}', ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="reconnect")
@click.option("--at", "at", metavar="WHEN", help="Take this as the present, in commands that only read.")
@click.option("--yes", is_flag=True, help="What is stored here belongs to this config from now on.")
@click.pass_context
def root(ctx: click.Context, at: str | None, *, yes: bool) -> None:
    """Keeps closeness in view: routines for two, in the calendar you both look at.

    --config FILE, --json and --verbose may stand anywhere.
    """
    ctx.obj.at = at
    ctx.obj.session.yes = yes
    ctx.obj.session.writes_words = ctx.invoked_subcommand in WRITE_WORDS
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
    elif at is not None and ctx.invoked_subcommand not in KNOW_AT:
        raise WrongUsage(
            f"`{ctx.invoked_subcommand}` knows no other present than now", "--at is for commands that only read"
        )


class Call:
    """What every command gets as `ctx.obj`: the session, the output, and --at when it stood before the command."""

    def __init__(self, session: Session, output: Output) -> None:
        self.session = session
        self.output = output
        self.at: str | None = None


def main(argv: Sequence[str] | None = None) -> None:
    """The console script."""
    words = list(sys.argv[1:] if argv is None else argv)
    if "_RECONNECT_COMPLETE" in os.environ:
        from reconnectd.cli.completion import answer

        sys.exit(answer(os.environ))
    try:
        rest, config, as_json, verbose = anywhere(words)
    except WrongUsage as error:
        sys.exit(Output(as_json="--json" in words).failed(str(error), error.fix, error.exit_code))
    output, session = Output(as_json=as_json), Session(config)
    code = run(rest, Call(session, output), verbose=verbose)
    output.end()
    session.close()
    sys.exit(code)


def run(words: Sequence[str], call: Call, *, verbose: bool = False) -> int:
    """One command; the exit code. Errors are said in one sentence."""
    output = call.output
    try:
        code = root.main(list(words), prog_name="reconnect", obj=call, standalone_mode=False)
    except click.exceptions.Exit as end:
        return end.exit_code
    except (click.Abort, KeyboardInterrupt):
        return output.failed("stopped; nothing further was changed", "", 1)
    except click.ClickException as error:
        return output.failed(_usage(error), "", error.exit_code)
    except ReconnectdError as error:
        if verbose:
            import traceback

            traceback.print_exc()
        return output.failed(str(error), error.fix, error.exit_code)
    return code if isinstance(code, int) else 0


def _usage(error: click.ClickException) -> str:
    """Click's sentence, and which command to ask for help."""
    message = " ".join(error.format_message().split()).rstrip(".")
    context = getattr(error, "ctx", None)
    return f"{message} (`{context.command_path} --help`)" if context else message


def anywhere(words: Sequence[str]) -> tuple[list[str], str | None, bool, bool]:
    """Take the options that may stand anywhere out of the words: (the rest, --config, --json, --verbose)."""
    rest: list[str] = []
    found: dict[str, Any] = {"config": None, "json": False, "verbose": False}
    left = list(words)
    while left:
        word = left.pop(0)
        if word == "--":
            rest += [word, *left]
            break
        if word in {"--json", "--verbose"}:
            found[word[2:]] = True
        elif word == "--config":
            if not left:
                raise WrongUsage("--config needs a file")
            found["config"] = left.pop(0)
        elif word.startswith("--config="):
            found["config"] = word.partition("=")[2]
        else:
            rest.append(word)
    return rest, found["config"], found["json"], found["verbose"]
