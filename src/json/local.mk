noinst_LIBRARIES += src/libew_json.a
src_libew_json_a_SOURCES =
