if HAVE_CHECK
check_PROGRAMS += tests/unit/test_cert
TESTS += tests/unit/test_cert
tests_unit_test_cert_SOURCES = tests/unit/test_cert.c tests/unit/mint.c tests/unit/mint.h
tests_unit_test_cert_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(SSL_CFLAGS)
tests_unit_test_cert_LDADD = src/libew_cert.a src/libew_json.a src/libew_base.a \
	$(CHECK_LIBS) $(SSL_LIBS) $(CJSON_LIBS) $(YAML_LIBS)
endif
