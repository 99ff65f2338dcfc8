"""`python -m jobs` does what the command `bankstack` does."""

import sys

from jobs.cli import main

if __name__ == "__main__":
    sys.exit(main())
