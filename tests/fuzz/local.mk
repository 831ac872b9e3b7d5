# Parsers fed with anything. In ordinary tests each target replays its corpus; tests/fuzz/run fuzzes.
fuzz_targets = tests/fuzz/json tests/fuzz/yaml tests/fuzz/list tests/fuzz/text tests/fuzz/snapshot \
	tests/fuzz/cert tests/fuzz/dns tests/fuzz/kubeconfig tests/fuzz/route
check_PROGRAMS += $(fuzz_targets)
TESTS += $(fuzz_targets)
EXTRA_DIST += tests/fuzz/run tests/fuzz/corpus

fuzz_driver = tests/fuzz/replay.c tests/fuzz/fuzz.h
fuzz_json_libs = src/libew_json.a src/libew_base.a $(CJSON_LIBS) $(YAML_LIBS)

tests_fuzz_json_SOURCES = tests/fuzz/fuzz_json.c $(fuzz_driver)
tests_fuzz_json_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"json"'
tests_fuzz_json_LDADD = $(fuzz_json_libs)
tests_fuzz_yaml_SOURCES = tests/fuzz/fuzz_yaml.c $(fuzz_driver)
tests_fuzz_yaml_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"yaml"'
tests_fuzz_yaml_LDADD = $(fuzz_json_libs)
tests_fuzz_list_SOURCES = tests/fuzz/fuzz_list.c $(fuzz_driver)
tests_fuzz_list_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"list"'
tests_fuzz_list_LDADD = $(fuzz_json_libs)
tests_fuzz_text_SOURCES = tests/fuzz/fuzz_text.c $(fuzz_driver)
tests_fuzz_text_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"text"'
tests_fuzz_text_LDADD = $(fuzz_json_libs)
tests_fuzz_snapshot_SOURCES = tests/fuzz/fuzz_snapshot.c $(fuzz_driver)
tests_fuzz_snapshot_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"snapshot"'
tests_fuzz_snapshot_LDADD = src/libew_object.a src/libew_fact.a $(fuzz_json_libs)
tests_fuzz_cert_SOURCES = tests/fuzz/fuzz_cert.c $(fuzz_driver)
tests_fuzz_cert_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"cert"'
tests_fuzz_cert_LDADD = src/libew_cert.a $(fuzz_json_libs) $(SSL_LIBS)
tests_fuzz_dns_SOURCES = tests/fuzz/fuzz_dns.c $(fuzz_driver)
tests_fuzz_dns_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"dns"'
tests_fuzz_dns_LDADD = $(EW_ROOMS) $(EW_LIBS)
tests_fuzz_kubeconfig_SOURCES = tests/fuzz/fuzz_kubeconfig.c $(fuzz_driver)
tests_fuzz_kubeconfig_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src -DFUZZ_TARGET='"kubeconfig"'
tests_fuzz_kubeconfig_LDADD = $(EW_ROOMS) $(EW_LIBS)
tests_fuzz_route_SOURCES = tests/fuzz/fuzz_route.c $(fuzz_driver)
tests_fuzz_route_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"route"'
tests_fuzz_route_LDADD = src/libew_route.a src/libew_object.a src/libew_cert.a src/libew_fact.a \
	$(fuzz_json_libs) $(SSL_LIBS) $(PCRE2_LIBS)
