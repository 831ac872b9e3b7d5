if HAVE_CHECK
check_PROGRAMS += tests/unit/test_cli tests/unit/test_target
TESTS += tests/unit/test_cli tests/unit/test_target
tests_unit_test_cli_SOURCES = tests/unit/test_cli.c
tests_unit_test_cli_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src
tests_unit_test_cli_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_cli_LDADD = $(EW_ROOMS) $(EW_LIBS) $(CHECK_LIBS)
tests_unit_test_target_SOURCES = tests/unit/test_target.c
tests_unit_test_target_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_target_LDADD = src/libew_walk.a src/libew_base.a $(IDN2_LIBS) $(CHECK_LIBS)
endif
