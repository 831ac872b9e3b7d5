noinst_LIBRARIES += src/libew_walk.a
src_libew_walk_a_SOURCES =
