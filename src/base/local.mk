noinst_LIBRARIES += src/libew_base.a
src_libew_base_a_SOURCES =
