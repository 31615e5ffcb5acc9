"""The errors this project documents, for everything that may go wrong outside its own code.

Owns the root of the family and the errors that more than one room raises. Must never hold logic. Pure: used from any
thread. Whatever escapes a core and is not in this family is a defect of ours; the fuzzers check exactly that.
"""


class ChatError(Exception):
    """Base of every error that this project documents; its text is a sentence that a user can act upon."""


class ProtocolError(ChatError):
    """The other side sent bytes that the protocol does not allow (docs/protocol.md).

    Attributes:
        detail: What was wrong, in words fit for a log line; holds no text that the peer chose.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        return f"The other side does not keep to the protocol: {self.detail}."


class FieldError(ChatError, ValueError):
    """A value of ours does not fit the field of the packet it is meant for.

    Attributes:
        field: Name of the field as the protocol calls it.
        detail: Why it does not fit.
    """

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(field, detail)
        self.field = field
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.field} does not fit into a packet: {self.detail}."
