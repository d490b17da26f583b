"""`python -m answerprint` is the `answerprint` command."""

import sys

from answerprint.cli import main

sys.exit(main())
