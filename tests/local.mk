# Tests: unit (Check), scenarios through the real binary, the house. One fragment a kind.
include tests/unit/local.mk
EXTRA_DIST += tests/unit/unit.h

TESTS += tests/tables/man.sh
EXTRA_DIST += tests/tables/man.sh

include tests/scenario/local.mk
