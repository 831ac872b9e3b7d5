# The lab: what it plays as other programs see it, and every scenario through the real binary.
TESTS += tests/scenario/selftest.sh tests/scenario/scenarios.sh tests/scenario/causes.sh tests/scenario/terminal.sh
EXTRA_DIST += tests/scenario/selftest.sh tests/scenario/scenarios.sh tests/scenario/causes.sh tests/scenario/terminal.sh

# A walk's snapshot replayed, and its report held to the schema.
TESTS += tests/scenario/replay.py
EXTRA_DIST += tests/scenario/replay.py

# check and route: what a change would do, waiting, and what is easily got wrong.
TESTS += tests/scenario/changes.py tests/scenario/wrong_answers.py \
	tests/scenario/wrong_states.py
EXTRA_DIST += tests/scenario/changes.py tests/scenario/wrong_answers.py \
	tests/scenario/wrong_states.py tests/scenario/playing.py tests/scenario/manifests.py
