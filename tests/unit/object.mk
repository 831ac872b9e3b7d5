if HAVE_CHECK
check_PROGRAMS += tests/unit/test_object
TESTS += tests/unit/test_object
tests_unit_test_object_SOURCES = tests/unit/test_object.c
tests_unit_test_object_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_object_LDADD = src/libew_object.a src/libew_fact.a src/libew_json.a src/libew_base.a $(CJSON_LIBS) $(YAML_LIBS) $(CHECK_LIBS)
endif
