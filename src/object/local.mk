noinst_LIBRARIES += src/libew_object.a
src_libew_object_a_SOURCES =
