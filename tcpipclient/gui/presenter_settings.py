"""What of the window is remembered: theme, text size, hosts, place, whose files are always taken, limits of files.

Owns the settings while the window is open; every change is shown and saved. Must never touch the disk: the model does.
Pure: the Tk thread's.
"""

from commonlib.values import replace
from tcpipclient.gui.model import Model
from tcpipclient.gui.settings import LARGEST_TEXT_PERCENT, SMALLEST_TEXT_PERCENT, Settings, Theme
from tcpipclient.gui.view import NoticeView

TEXT_STEP_PERCENT = 10
NORMAL_TEXT_PERCENT = 100


class SettingsPresenter:
    """The settings of one window."""

    def __init__(self, view: NoticeView, model: Model, settings: Settings) -> None:
        self.settings = settings
        self._view = view
        self._model = model

    def started(self) -> None:
        """The window is drawn."""
        self._view.show_settings(self.settings)

    def theme_chosen(self, theme: Theme) -> None:
        """Another theme is wanted."""
        self._change(replace(self.settings, theme=theme))

    def text_size_changed(self, steps: int) -> None:
        """Larger, smaller, or 0 for the normal size."""
        percent = self.settings.text_percent + steps * TEXT_STEP_PERCENT if steps else NORMAL_TEXT_PERCENT
        percent = min(max(percent, SMALLEST_TEXT_PERCENT), LARGEST_TEXT_PERCENT)
        self._change(replace(self.settings, text_percent=percent))

    def downloads_chosen(self, folder: str) -> None:
        """Another folder for received files."""
        self._change(replace(self.settings, downloads=folder))

    def always_chosen(self, person: str, *, wanted: bool) -> None:
        """Files of this person are to be taken without asking, or not any more."""
        self._remember(self.settings.with_always(person, wanted=wanted))

    def speed_limit_chosen(self, bytes_per_second: int) -> None:
        """Another limit on the speed of sending; 0 is none."""
        self._change(replace(self.settings, speed_limit=bytes_per_second))

    def largest_unasked_chosen(self, size: int) -> None:
        """Another limit on what is taken unasked; 0 is none."""
        self._change(replace(self.settings, largest_unasked=max(0, size)))

    def listening_chosen(self, *, listening: bool) -> None:
        """Whether this computer may listen for direct connections."""
        self._change(replace(self.settings, listening=listening))

    def listening_answered(self, *, listening: bool) -> None:
        """What the user said when he accepted something; it counts where he was never asked before."""
        if self.settings.listening is None:
            self.listening_chosen(listening=listening)

    def connected(self, host: str, port: int, name: str) -> None:
        """A hub has taken us in: it is offered first from now on."""
        self._remember(replace(self.settings, name=name).with_host(host, port))

    def closing(self, geometry: str, *, maximised: bool) -> None:
        """The window closes; a maximised one is remembered with the size that it had before."""
        kept = self.settings.geometry if maximised else geometry
        self._remember(replace(self.settings, geometry=kept, maximised=maximised))

    def _change(self, settings: Settings) -> None:
        if settings != self.settings:
            self._remember(settings)
            self._view.show_settings(settings)

    def _remember(self, settings: Settings) -> None:
        if settings != self.settings:
            self.settings = settings
            self._model.save_settings(settings)
