noinst_LIBRARIES += src/libew_cluster.a
src_libew_cluster_a_SOURCES = \
	include/edgewalk/cluster.h \
	src/cluster/files.c \
	src/cluster/prune.c src/cluster/prune.h src/cluster/prune_workload.c \
	src/cluster/text.c src/cluster/text.h
