"""Errors that a person can act on: the command line prints them as one sentence, without a traceback."""


class BankError(Exception):
    """An error that the user can fix. The message names the thing and the way out."""


class FileRefused(BankError):
    """A file breaks its contract and was not loaded; its table is unchanged."""


EXPECTED_ERRORS = (BankError, OSError)
"""Errors whose message is enough. Any other exception is a defect and keeps its traceback."""
