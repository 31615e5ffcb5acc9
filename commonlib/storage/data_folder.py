"""Where an instance of the program keeps all that is its own.

Owns the order of the places: what was chosen, what the environment says, what the platform has for it. Must never make
a folder or look into one. Pure but for asking the platform: any thread.
"""

from collections.abc import Mapping
from pathlib import Path

HOME_VARIABLE = "TCPIPCHAT_HOME"


def data_folder(instance: str, chosen: Path | None, environment: Mapping[str, str]) -> Path:
    """The data folder of an instance.

    Args:
        instance: "server" or "client": what its own folder is called in the platform's place for user data.
        chosen: What --data-dir said; goes before all else.
        environment: TCPIPCHAT_HOME in it is used as it is.
    """
    if chosen is not None:
        return chosen
    if home := environment.get(HOME_VARIABLE):
        return Path(home)
    import platformdirs

    return Path(platformdirs.user_data_dir("tcpipchat", appauthor=False)) / instance
