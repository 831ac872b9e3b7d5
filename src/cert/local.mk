noinst_LIBRARIES += src/libew_cert.a
src_libew_cert_a_SOURCES = \
	include/edgewalk/cert.h \
	src/cert/trust.c src/cert/pem.h src/cert/pem.c \
	src/cert/describe.c src/cert/covers.c src/cert/verify.c src/cert/issued.c
src_libew_cert_a_CFLAGS = $(AM_CFLAGS) $(SSL_CFLAGS)
