if HAVE_CHECK
check_PROGRAMS += tests/unit/test_json
TESTS += tests/unit/test_json
tests_unit_test_json_SOURCES = tests/unit/test_json.c
tests_unit_test_json_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_json_LDADD = src/libew_json.a src/libew_base.a $(CJSON_LIBS) $(YAML_LIBS) $(CHECK_LIBS)
endif
