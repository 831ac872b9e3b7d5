EXTRA_DIST += tests/unit/peer.h
if HAVE_CHECK
io_test_libs = src/libew_io.a src/libew_cert.a src/libew_fact.a src/libew_json.a src/libew_base.a \
	$(CHECK_LIBS) $(EVENT_LIBS) $(CURL_LIBS) $(CARES_LIBS) $(SSL_LIBS) $(CJSON_LIBS) \
	$(YAML_LIBS) $(RESOLV_LIBS)

check_PROGRAMS += tests/unit/test_io tests/unit/test_io_http
TESTS += tests/unit/test_io tests/unit/test_io_http
tests_unit_test_io_SOURCES = tests/unit/test_io.c tests/unit/peer.c
tests_unit_test_io_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_io_LDADD = $(io_test_libs)
tests_unit_test_io_http_SOURCES = tests/unit/test_io_http.c tests/unit/peer.c
tests_unit_test_io_http_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_io_http_LDADD = $(io_test_libs)

check_PROGRAMS += tests/unit/test_io_child
TESTS += tests/unit/test_io_child
tests_unit_test_io_child_SOURCES = tests/unit/test_io_child.c
tests_unit_test_io_child_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_io_child_LDADD = $(io_test_libs)
endif
