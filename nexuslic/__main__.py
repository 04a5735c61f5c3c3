"""`python -m nexuslic`."""

import sys

from nexuslic.cli import main

if __name__ == "__main__":
    sys.exit(main())
