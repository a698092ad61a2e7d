"""One line of what `cohort doctor` says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What was looked at; `advice` says what to do when it is not well."""

    ok: bool
    what: str
    advice: str = ""

    def __str__(self) -> str:
        return f"ok        {self.what}" if self.ok else f"to do     {self.what}\n          {self.advice}"
