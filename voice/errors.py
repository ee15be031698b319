"""The one error a person is meant to read."""


class LullError(Exception):
    """Something she or her machine can put right, in one clear sentence: what is wrong, where, what to do.

    The command line prints the sentence and exits with `exit_code`; nothing is left half-written.
    """

    exit_code = 2


class DataError(LullError):
    """A data file breaks a rule. `where` is `file:line`."""

    def __init__(self, where: str, rule: str) -> None:
        super().__init__(f"{where}: {rule}")
        self.where = where
        self.rule = rule
