TESTS += tests/house/house.sh
EXTRA_DIST += tests/house/house.sh tests/house/house.awk
