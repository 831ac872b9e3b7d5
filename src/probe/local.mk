noinst_LIBRARIES += src/libew_probe.a
src_libew_probe_a_SOURCES = \
	include/edgewalk/probe.h \
	src/probe/prober.h src/probe/prober.c src/probe/vantage.c \
	src/probe/connect.h src/probe/connect.c src/probe/tcp.c \
	src/probe/dns.c src/probe/dns_read.c src/probe/dns_data.h src/probe/dns_data.c \
	src/probe/tls.h src/probe/tls.c src/probe/tls_fact.c \
	src/probe/http.c src/probe/http_rules.h src/probe/http_rules.c
src_libew_probe_a_CFLAGS = $(AM_CFLAGS) $(SSL_CFLAGS)
