EXTRA_DIST += tests/unit/place.h tests/unit/pki.h tests/unit/api_peer.h tests/unit/cluster_client.h
if HAVE_CHECK
cluster_test_libs = src/libew_cluster.a src/libew_io.a src/libew_object.a src/libew_cert.a \
	src/libew_fact.a src/libew_json.a src/libew_base.a \
	$(CHECK_LIBS) $(EVENTLAB_LIBS) $(CURL_LIBS) $(CARES_LIBS) $(SSL_LIBS) $(CJSON_LIBS) \
	$(YAML_LIBS) $(RESOLV_LIBS)

cluster_tests = tests/unit/test_cluster_files tests/unit/test_cluster_kubeconfig \
	tests/unit/test_cluster_api tests/unit/test_cluster_https \
	tests/unit/test_cluster_secrets
check_PROGRAMS += $(cluster_tests)
TESTS += $(cluster_tests)
tests_unit_test_cluster_files_SOURCES = tests/unit/test_cluster_files.c
tests_unit_test_cluster_files_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_cluster_files_LDADD = $(cluster_test_libs)
tests_unit_test_cluster_kubeconfig_SOURCES = tests/unit/test_cluster_kubeconfig.c tests/unit/mint.c
tests_unit_test_cluster_kubeconfig_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src
tests_unit_test_cluster_kubeconfig_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(SSL_CFLAGS)
tests_unit_test_cluster_kubeconfig_LDADD = $(cluster_test_libs)
tests_unit_test_cluster_api_SOURCES = tests/unit/test_cluster_api.c tests/unit/api_peer.c \
	tests/unit/mint.c tests/unit/peer.c
tests_unit_test_cluster_api_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src
tests_unit_test_cluster_api_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(EVENTLAB_CFLAGS) $(SSL_CFLAGS)
tests_unit_test_cluster_api_LDADD = $(cluster_test_libs)
tests_unit_test_cluster_https_SOURCES = tests/unit/test_cluster_https.c tests/unit/api_peer.c \
	tests/unit/mint.c tests/unit/peer.c
tests_unit_test_cluster_https_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(EVENTLAB_CFLAGS) $(SSL_CFLAGS)
tests_unit_test_cluster_https_LDADD = $(cluster_test_libs)
tests_unit_test_cluster_secrets_SOURCES = tests/unit/test_cluster_secrets.c tests/unit/api_peer.c \
	tests/unit/mint.c tests/unit/peer.c
tests_unit_test_cluster_secrets_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(EVENTLAB_CFLAGS) $(SSL_CFLAGS)
tests_unit_test_cluster_secrets_LDADD = $(cluster_test_libs)
endif
