# Tests: unit (Check), scenarios through the real binary, the house. One fragment a kind.
include tests/unit/local.mk
EXTRA_DIST += tests/unit/unit.h

TESTS += tests/tables/man.sh
EXTRA_DIST += tests/tables/man.sh

include tests/scenario/local.mk

# Every row of the conformance data, where EDGEWALK_CONFORMANCE names its folder.
TESTS += tests/conformance/conformance.py tests/conformance/verbs.sh
EXTRA_DIST += tests/conformance/conformance.py tests/conformance/verbs.sh

# The same rules in stories of our own.
TESTS += tests/rules/rules.py
EXTRA_DIST += tests/rules

include tests/bench/local.mk
include tests/fuzz/local.mk
include tests/house/local.mk

# The real cluster: make check-cluster.
EXTRA_DIST += tests/e2e
dist-hook:
	rm -rf $(distdir)/tests/e2e/*/__pycache__ $(distdir)/tests/*/__pycache__
