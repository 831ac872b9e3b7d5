if HAVE_CHECK
check_PROGRAMS += tests/unit/test_fact
TESTS += tests/unit/test_fact
tests_unit_test_fact_SOURCES = tests/unit/test_fact.c
tests_unit_test_fact_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_fact_LDADD = src/libew_fact.a src/libew_json.a src/libew_base.a $(CJSON_LIBS) $(YAML_LIBS) $(CHECK_LIBS)
endif
