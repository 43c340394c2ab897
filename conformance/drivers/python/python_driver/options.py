"""The command line of the driver."""

import argparse
import multiprocessing

from .exit_status import USAGE, CannotStart


class Parser(argparse.ArgumentParser):
    """Ends with one sentence, which the caller prints, instead of a page of usage."""

    def error(self, message: str):
        raise CannotStart(message + "; see --help", USAGE)


def parse_options(arguments: list[str]) -> argparse.Namespace:
    """Throws CannotStart."""
    parser = Parser(
        prog="driver.py",
        allow_abbrev=False,
        description="Driver of the freethreading conformance suite for Python. It speaks the driver "
        "protocol on its standard input and output; the backend comes with the greeting.",
        epilog="Exit status: 2 usage, 3 Python too old, 4 the package cannot be imported, "
        "5 what the greeting asks for cannot be done, 6 the first message is no greeting.",
    )
    parser.add_argument(
        "--implementation",
        choices=("auto", "package", "standard-library"),
        default="auto",
        help="the package freethreading, or the classes of the standard library that it wraps; auto "
        "(the default): the package if it is installed",
    )
    parser.add_argument(
        "--start-method",
        choices=tuple(multiprocessing.get_all_start_methods()),
        help="how worker processes are started; default: as the implementation does",
    )
    options = parser.parse_args(arguments)
    return options
