"""When two ways of writing an e-mail address reach one account."""

from __future__ import annotations

import unicodedata


def mailbox(email: str) -> str:
    """The same for every spelling that finds the same account: full-width letters, spaces around it, case.

    The store finds an account by it and the limit on tries counts by it. Were the two apart, every spelling
    that one of them takes for another would be a fresh set of tries.
    """
    return unicodedata.normalize("NFKC", email).strip().casefold()
