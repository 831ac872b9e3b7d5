noinst_LIBRARIES += src/libew_cert.a
src_libew_cert_a_SOURCES =
