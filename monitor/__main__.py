"""`cstowatch` and `python -m monitor`: runs the command line and turns every error into one line."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import traceback

import click

from monitor.cli import cstowatch
from monitor.errors import InvalidConfig, InvalidInput
from seeds.errors import InvalidSeed
from storage.errors import ArchiveError

__all__ = ["main"]

# What a write to a full disk or a failing device says; a file that has a name is told of where it is written.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT})

DONE, WRONG_USAGE, NO_DATABASE, OUR_FAULT, INTERRUPTED = 0, 2, 3, 70, 130


def main(arguments: list[str] | None = None) -> None:
    """Runs one command and ends the process with the contract's exit code; no traceback escapes."""
    arguments = sys.argv[1:] if arguments is None else arguments
    sys.exit(_run(arguments))


def _run(arguments: list[str]) -> int:
    try:
        result = cstowatch.main(arguments, prog_name="cstowatch", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        # Nothing was asked: the help is the answer, as click itself gives it.
        error.show()
        return WRONG_USAGE
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "cstowatch"
        return _fail(WRONG_USAGE, f"{error.format_message()} See `{command} --help`.")
    except click.ClickException as error:
        return _fail(WRONG_USAGE, error.format_message())
    except (InvalidConfig, InvalidInput, InvalidSeed) as error:
        return _fail(WRONG_USAGE, str(error))
    except ArchiveError as error:
        return _fail(NO_DATABASE, str(error))
    except (KeyboardInterrupt, click.Abort):
        return _fail(INTERRUPTED, "Interrupted; all that was finished is kept.")
    except BrokenPipeError:
        return _unheard()
    except SystemExit as ended:
        # click ends the process itself where a pipe breaks, and where a shell asks for completions.
        if "_CSTOWATCH_COMPLETE" in os.environ:
            return ended.code if isinstance(ended.code, int) else DONE
        return _unheard()
    except Exception as error:  # noqa: BLE001 - the last door: a traceback must not reach a user
        if isinstance(error, OSError) and error.errno in _NO_ROOM and error.filename is None:
            _unheard()
            return _fail(
                WRONG_USAGE,
                f"The output could not be written to stdout ({error.strerror}); "
                "make room, or send it elsewhere.",
            )
        if any(word in {"-v", "--verbose"} for word in arguments):
            traceback.print_exc()
        return _fail(
            OUR_FAULT,
            f"A fault of cstowatch itself ({type(error).__name__}: {error}); "
            "what was finished is kept. Run again with -v for the details and report them.",
        )
    return result if isinstance(result, int) else DONE


def _unheard() -> int:
    """The reader of our output (head, less) has gone: nothing is wrong, and nothing more can be said."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
    return DONE


def _fail(code: int, message: str) -> int:
    with contextlib.suppress(OSError):
        click.echo("Error: " + " ".join(message.split()), err=True)
    return code


if __name__ == "__main__":
    main()
