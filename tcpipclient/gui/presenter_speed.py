"""The limit on the speed of sending: asked for in MB/s, kept, and told the client.

Owns the question and what may be typed. Must never limit anything: the client does. Pure: the Tk thread's.
"""

from tcpipclient.gui.model import Model
from tcpipclient.gui.presenter_settings import SettingsPresenter
from tcpipclient.gui.shown_files import LimitQuestion
from tcpipclient.gui.view import TransfersView

_MEGABYTE = 1_000_000
SMALLEST, LARGEST = 0.01, 100_000.0
"""MB/s."""
WRONG = "Type a number of MB/s such as 5 or 0.5, or nothing for no limit."


class SpeedPresenter:
    """The limit of one window."""

    def __init__(self, view: TransfersView, model: Model, settings: SettingsPresenter) -> None:
        self._view = view
        self._model = model
        self._settings = settings

    def clicked(self) -> None:
        """Another one is wanted."""
        self._view.ask_limit(LimitQuestion(shown_limit(self._settings.settings.speed_limit), ""))

    def typed(self, text: str) -> None:
        """The answer."""
        limit = maybe_limit(text)
        if limit is None:
            self._view.ask_limit(LimitQuestion(text, WRONG))
            return
        self._view.close_limit()
        self._settings.speed_limit_chosen(limit)
        self._model.limit_speed(limit or None)


def shown_limit(bytes_per_second: int) -> str:
    """A limit as it would be typed; empty where there is none."""
    return f"{bytes_per_second / _MEGABYTE:g}" if bytes_per_second else ""


def maybe_limit(text: str) -> int | None:
    """Bytes per second, 0 for no limit; None where the text is no limit."""
    typed = text.strip().lower().removesuffix("mb/s").strip().replace(",", ".")
    if typed in ("", "0"):
        return 0
    try:
        number = float(typed)
    except ValueError:
        return None
    return round(number * _MEGABYTE) if SMALLEST <= number <= LARGEST else None
