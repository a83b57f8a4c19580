"""`python -m allotone`."""

import sys

from .cli import main

sys.exit(main())
