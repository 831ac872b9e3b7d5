EXTRA_DIST += tests/unit/place.h tests/unit/pki.h
if HAVE_CHECK
cluster_test_libs = src/libew_cluster.a src/libew_io.a src/libew_object.a src/libew_cert.a \
	src/libew_fact.a src/libew_json.a src/libew_base.a \
	$(CHECK_LIBS) $(EVENTLAB_LIBS) $(CURL_LIBS) $(CARES_LIBS) $(SSL_LIBS) $(CJSON_LIBS) \
	$(YAML_LIBS) $(RESOLV_LIBS)

check_PROGRAMS += tests/unit/test_cluster_files tests/unit/test_cluster_kubeconfig
TESTS += tests/unit/test_cluster_files tests/unit/test_cluster_kubeconfig
tests_unit_test_cluster_files_SOURCES = tests/unit/test_cluster_files.c
tests_unit_test_cluster_files_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_cluster_files_LDADD = $(cluster_test_libs)
tests_unit_test_cluster_kubeconfig_SOURCES = tests/unit/test_cluster_kubeconfig.c tests/unit/mint.c
tests_unit_test_cluster_kubeconfig_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src
tests_unit_test_cluster_kubeconfig_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(SSL_CFLAGS)
tests_unit_test_cluster_kubeconfig_LDADD = $(cluster_test_libs)
endif
