"""Hand the project's description in setup.cfg to setuptools.

Owns nothing: all settings are in setup.cfg and must stay there.
Thread: the installer's only one.
"""

from setuptools import setup

setup()
