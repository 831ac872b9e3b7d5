noinst_LIBRARIES += src/libew_cluster.a
src_libew_cluster_a_SOURCES = \
	include/edgewalk/cluster.h \
	src/cluster/access.c src/cluster/access.h src/cluster/access_cluster.c \
	src/cluster/access_exec.c src/cluster/access_pod.c src/cluster/access_user.c \
	src/cluster/answer.c src/cluster/call.c src/cluster/client.c src/cluster/client.h \
	src/cluster/credentials.c src/cluster/discover.c src/cluster/families.c \
	src/cluster/fetch.c src/cluster/files.c \
	src/cluster/kubeconfig.c src/cluster/kubeconfig.h \
	src/cluster/path.c src/cluster/path.h src/cluster/plugin.c src/cluster/plugin.h \
	src/cluster/prune.c src/cluster/prune.h src/cluster/prune_workload.c \
	src/cluster/prune_lost.c \
	src/cluster/proxy.c src/cluster/proxy.h \
	src/cluster/served.c src/cluster/served.h \
	src/cluster/text.c src/cluster/text.h
