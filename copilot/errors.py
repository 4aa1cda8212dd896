"""The errors of this package.

CopilotError
├── BadInput       what was given cannot be used; exit code 2, HTTP 422
├── ConfigError    a setting is wrong; names the variable; stops the start
├── NotFound       a call, card or note that does not exist
├── Conflict       what is asked does not fit the state (a call that has ended)
│   └── MovedOn    another process appended first (copilot.store)
└── AccessDenied   no token, an unknown one, or a role that may not
"""


class CopilotError(Exception):
    """Something the user can act on; the message gives the value, what was allowed, and the next step."""


class BadInput(CopilotError):
    """A file, line, body or argument that cannot be used as given."""


class ConfigError(CopilotError):
    """A setting is wrong; the message names the variable."""


class NotFound(CopilotError):
    """Something was asked for by an id that does not exist here."""


class Conflict(CopilotError):
    """What is asked does not fit the present state."""


class AccessDenied(CopilotError):
    """The caller has no token, an unknown one, or a role that may not do this."""
