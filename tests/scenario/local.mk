# The lab: what it plays as other programs see it, and every scenario through the real binary.
TESTS += tests/scenario/selftest.sh tests/scenario/scenarios.sh tests/scenario/causes.sh
EXTRA_DIST += tests/scenario/selftest.sh tests/scenario/scenarios.sh tests/scenario/causes.sh
