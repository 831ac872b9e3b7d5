noinst_LIBRARIES += src/libew_object.a
src_libew_object_a_SOURCES = \
	include/edgewalk/object.h \
	src/object/kinds.c \
	src/object/lookup.c \
	src/object/overlay.c \
	src/object/views.c \
	src/object/world.c \
	src/object/world.h
