"""What stays for the life of a process is left out of the garbage collector's rounds."""

import gc


def settle(**_told: object) -> None:
    """Never look for garbage again among what has been loaded until now. Takes what a signal of Celery says.

    Some 300,000 objects of modules stay until the end. A full round goes through all of them, which takes a sixth of a
    second in the middle of some request: every fourth calendar of a thousand sessions met one.
    """
    gc.collect()
    gc.freeze()
