"""Prints docs/rules.md: ``python -m gazette.checks.rules > docs/rules.md``."""

import sys

from gazette.checks.rules import listing

sys.stdout.write(listing.page())
