if HAVE_CHECK
check_PROGRAMS += tests/unit/test_base tests/unit/test_url
TESTS += tests/unit/test_base tests/unit/test_url
tests_unit_test_base_SOURCES = tests/unit/test_base.c
tests_unit_test_base_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_base_LDADD = src/libew_base.a $(CHECK_LIBS)
tests_unit_test_url_SOURCES = tests/unit/test_url.c
tests_unit_test_url_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_url_LDADD = src/libew_base.a $(CHECK_LIBS)
endif
