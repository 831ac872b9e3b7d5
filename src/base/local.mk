noinst_LIBRARIES += src/libew_base.a
src_libew_base_a_SOURCES = \
	include/edgewalk/base/buf.h include/edgewalk/base/err.h include/edgewalk/base/mem.h \
	include/edgewalk/base/text.h include/edgewalk/base/url.h \
	src/base/arena.c src/base/base64.c src/base/buf.c src/base/err.c src/base/ip.c \
	src/base/map.c src/base/mem.c src/base/text.c src/base/time.c src/base/url.c \
	src/base/utf8.c src/base/widths.h
