if HAVE_CHECK
check_PROGRAMS += tests/unit/test_lab
TESTS += tests/unit/test_lab
tests_unit_test_lab_SOURCES = tests/unit/test_lab.c tests/unit/unit.h
tests_unit_test_lab_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
tests_unit_test_lab_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(EVENTLAB_CFLAGS) $(SSL_CFLAGS)
tests_unit_test_lab_LDADD = $(EW_LAB) $(CHECK_LIBS)
endif
