EXTRA_DIST += tests/unit/fetch.h tests/unit/packet.h tests/unit/mint.h tests/unit/tls_peer.h
if HAVE_CHECK
probe_tests = tests/unit/test_probe_dns tests/unit/test_probe_tcp tests/unit/test_probe_tls \
	tests/unit/test_probe_http
check_PROGRAMS += $(probe_tests)
TESTS += $(probe_tests)
probe_test_libs = src/libew_probe.a src/libew_fact.a $(io_test_libs)
probe_test_cflags = $(AM_CFLAGS) $(CHECK_CFLAGS) $(SSL_CFLAGS)

tests_unit_test_probe_dns_SOURCES = tests/unit/test_probe_dns.c tests/unit/fetch.c \
	tests/unit/peer.c tests/unit/packet.c
tests_unit_test_probe_dns_CFLAGS = $(probe_test_cflags)
tests_unit_test_probe_dns_LDADD = $(probe_test_libs)
tests_unit_test_probe_tcp_SOURCES = tests/unit/test_probe_tcp.c tests/unit/fetch.c \
	tests/unit/peer.c
tests_unit_test_probe_tcp_CFLAGS = $(probe_test_cflags)
tests_unit_test_probe_tcp_LDADD = $(probe_test_libs)
tests_unit_test_probe_tls_SOURCES = tests/unit/test_probe_tls.c tests/unit/fetch.c \
	tests/unit/peer.c tests/unit/mint.c tests/unit/tls_peer.c
tests_unit_test_probe_tls_CFLAGS = $(probe_test_cflags)
tests_unit_test_probe_tls_LDADD = $(probe_test_libs)
tests_unit_test_probe_http_SOURCES = tests/unit/test_probe_http.c tests/unit/fetch.c \
	tests/unit/peer.c tests/unit/mint.c tests/unit/tls_peer.c
tests_unit_test_probe_http_CFLAGS = $(probe_test_cflags)
tests_unit_test_probe_http_LDADD = $(probe_test_libs)
endif
