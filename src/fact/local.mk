noinst_LIBRARIES += src/libew_fact.a
src_libew_fact_a_SOURCES =
