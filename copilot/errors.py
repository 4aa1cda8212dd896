"""The errors of this package.

CopilotError
├── BadInput       what was given cannot be used; exit code 2, HTTP 422
├── ConfigError    a setting is wrong; names the variable; stops the start
├── NotFound       a call, card or note that does not exist
├── Conflict       what is asked does not fit the state (a call that has ended)
│   └── MovedOn    another process appended first (copilot.store)
├── AccessDenied   no token, an unknown one, or a role that may not
├── PromptError    a prompt file is wrong, or was filled with other values than it declares
└── ModelFailed    the language model gave nothing usable; the caller goes the extractive way
    ├── NoModel           none is configured
    ├── ModelUnavailable  it did not answer in time, or not at all; also while the breaker is open
    ├── InvalidAnswer     it answered, but not in the form that was asked for
    └── PromptTooLong     the filled prompt is longer than the task's token budget
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


class PromptError(CopilotError):
    """A prompt file is wrong, or was filled with other values than it declares."""


class ModelFailed(CopilotError):
    """The language model gave nothing usable; whoever asked goes the extractive way."""


class NoModel(ModelFailed):
    """No language model is configured."""


class ModelUnavailable(ModelFailed):
    """The model did not answer in time, or not at all, or is not asked because it failed too often."""


class InvalidAnswer(ModelFailed):
    """The model answered, but with nothing, or not in the form that was asked for."""


class PromptTooLong(ModelFailed):
    """The filled prompt is longer than the task's token budget."""
