noinst_LIBRARIES += src/libew_probe.a
src_libew_probe_a_SOURCES =
