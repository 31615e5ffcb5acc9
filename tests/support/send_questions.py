"""A question before files are sent, with names that are as long as names can be.

Owns the values alone. Pure: any thread.
"""

from tcpipclient.gui.shown import FileItem, SendQuestion

LONG = "W" * 120
SEND = SendQuestion(
    number=4,
    heading=f"Send 200 files to {LONG}?",
    recipients=(LONG, "Bob (4)"),
    items=tuple(FileItem(f"{LONG}{number}", "3 kB") for number in range(200)),
    more_items="and 9,800 more",
    refused=(FileItem("folder", "is a folder"),),
    more_refused="",
    button="Send 200 files",
)
