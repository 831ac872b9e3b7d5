#!/bin/sh
# Every scenario of the lab through the real binary: one TAP line each.
exec "$EDGEWALK_LAB" run --all --tap --dir "$top_srcdir/lab/scenarios"
