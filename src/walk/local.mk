noinst_LIBRARIES += src/libew_walk.a
src_libew_walk_a_SOURCES = \
	src/walk/gather.c \
	src/walk/setup.c \
	src/walk/setup.h \
	src/walk/target.c \
	src/walk/tools.c \
	src/walk/walk.c
src_libew_walk_a_CPPFLAGS = $(AM_CPPFLAGS) $(IDN2_CFLAGS)
