"""What a build can be."""

from enum import StrEnum


class Format(StrEnum):
    """The context of a container image, or a folder that runs by itself."""

    DOCKER = "docker"
    EXECUTABLE = "executable"
