"""Errors that a person can act on: printed as one sentence, without a traceback."""


class BankError(Exception):
    """Something the user can mend. The message names the thing and the way out."""


class FileRefused(BankError):
    """A file breaks its contract and was not loaded; the table is as it was."""
