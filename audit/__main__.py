"""`python -m audit verify --data DIR`."""

import sys

from audit.cli import main

sys.exit(main(sys.argv[1:]))
