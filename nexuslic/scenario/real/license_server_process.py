"""A license server as it is shipped, in a process of its own, with the story's clock behind its clock port.

It ends when its standard input does: whoever started it may be gone without a word.
"""

import os
import signal
import sys
import threading
from pathlib import Path

from nexuslic.adapters.chance import SystemChance
from nexuslic.errors import NexuslicError
from nexuslic.scenario.real.story_clock import StoryClock
from nexuslic.server import start
from nexuslic.server.settings import Listen
from nexuslic.server.site import Site
from nexuslic.server.start import Choices


def main(folder: str, clock_file: str) -> None:
    """Serve the folder on a free port, which is printed once it listens."""
    clock = StoryClock.of(Path(clock_file))

    def say(text: str) -> None:
        clock.started = True
        print(text, flush=True)

    threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        site = Site.at(Path(folder), None)
        start.run(site, Choices(Listen("127.0.0.1", 0), level="error"), clock, SystemChance(), say)
    except NexuslicError as error:
        sys.exit(str(error))


def _end_with_input() -> None:
    while os.read(sys.stdin.fileno(), 1):
        continue
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(*sys.argv[1:])
