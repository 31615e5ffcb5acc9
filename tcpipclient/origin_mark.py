"""Which received files Windows is told of that they came from elsewhere, so that it asks before it runs them.

Owns the table of names and the words of the mark (the stream `Zone.Identifier`, MS-FSCC 5.6.1). Must never touch a
disk. Pure: any thread.
"""

MARK_STREAM = ":Zone.Identifier"
MARK = b"[ZoneTransfer]\r\nZoneId=3\r\n"
"""The zone of the internet: whoever sent it, it was not made on this computer."""

# What Windows runs, installs, mounts, or lets an office program run parts of.
_EXTENSIONS = """
    appinstaller appref-ms application appx appxbundle asp aspx bas bat chm cmd com cpl crt dll docm dotm exe
    gadget hta img inf ins iso isp jar job js jse lnk mde msc msh msi msix msixbundle msp mst one pif potm ppam
    ppsm pptm ps1 ps1xml ps2 psc1 psd1 psm1 py pyc pyw pyz reg rdp scf scr sct search-ms settingcontent-ms sldm
    sys theme url vb vbe vbs vhd vhdx ws wsc wsf wsh xbap xlam xll xlsm xltm zip 7z rar
""".split()  # noqa: SIM905 - a hundred short words


def is_marked(name: str) -> bool:
    """Whether a received file of that name gets the mark; `name` is a safe one."""
    return name.rpartition(".")[2].lower() in _EXTENSIONS
