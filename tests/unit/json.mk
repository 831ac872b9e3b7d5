EXTRA_DIST += tests/unit/json_texts.h
if HAVE_CHECK
json_tests = tests/unit/test_json tests/unit/test_yaml
check_PROGRAMS += $(json_tests)
TESTS += $(json_tests)
json_test_libs = src/libew_json.a src/libew_base.a $(CJSON_LIBS) $(YAML_LIBS) $(CHECK_LIBS)
tests_unit_test_json_SOURCES = tests/unit/test_json.c tests/unit/json_texts.c
tests_unit_test_json_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_json_LDADD = $(json_test_libs)
tests_unit_test_yaml_SOURCES = tests/unit/test_yaml.c tests/unit/json_texts.c
tests_unit_test_yaml_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_yaml_LDADD = $(json_test_libs)
endif
