"""Registry files as Windows exports them."""

from collections.abc import Callable

import pytest

from nexuslic.doctor import registry_file
from nexuslic.doctor.registry_file import RegistryFile

HEADER = "Windows Registry Editor Version 5.00"


def exported_bytes(text: str) -> bytes:
    """A file with the usual header, in the usual encoding."""
    return b"\xff\xfe" + f"{HEADER}\n\n{text}\n".replace("\n", "\r\n").encode("utf-16-le")


@pytest.fixture
def exported() -> Callable[[str], bytes]:
    """The bytes of a file that Windows exports with these keys and values."""
    return exported_bytes


@pytest.fixture
def parsed() -> Callable[[str], RegistryFile]:
    """Such a file, read."""
    return lambda text: registry_file.parse(exported_bytes(text), "tls.reg")
