noinst_LIBRARIES += src/libew_cluster.a
src_libew_cluster_a_SOURCES =
