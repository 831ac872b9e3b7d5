noinst_LIBRARIES += src/libew_fact.a
src_libew_fact_a_SOURCES = \
	include/edgewalk/fact.h \
	include/edgewalk/fact/keys.h \
	include/edgewalk/fact/thresholds.h \
	src/fact/fact.c \
	src/fact/fact.h \
	src/fact/file.c \
	src/fact/keys.c \
	src/fact/snapshot.c \
	src/fact/thresholds.c \
	src/fact/wants.c
