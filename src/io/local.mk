noinst_LIBRARIES += src/libew_io.a
src_libew_io_a_SOURCES = \
	include/edgewalk/io.h \
	src/io/loop.h src/io/loop.c src/io/job.c src/io/lookup.c src/io/child.c \
	src/io/dns.h src/io/dns.c src/io/dns_channel.c \
	src/io/http.h src/io/http.c src/io/http_easy.c src/io/http_result.c \
	src/io/wiped.h src/io/wiped.c
src_libew_io_a_CFLAGS = $(AM_CFLAGS) $(EVENT_CFLAGS) $(CURL_CFLAGS) $(CARES_CFLAGS) $(SSL_CFLAGS)
