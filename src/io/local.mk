noinst_LIBRARIES += src/libew_io.a
src_libew_io_a_SOURCES =
