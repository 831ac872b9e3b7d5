EXTRA_DIST += tests/unit/judge_scene.h
if HAVE_CHECK
judge_tests = tests/unit/test_judge tests/unit/test_elect tests/unit/test_signature \
	tests/unit/test_combine tests/unit/test_judge_edge tests/unit/test_judge_attach \
	tests/unit/test_judge_features tests/unit/test_judge_backends tests/unit/test_judge_rivals
check_PROGRAMS += $(judge_tests)
TESTS += $(judge_tests)
check_PROGRAMS += tests/unit/test_judge_says tests/unit/test_judge_hosts \
	tests/unit/test_judge_near tests/unit/test_judge_listeners
TESTS += tests/unit/test_judge_says tests/unit/test_judge_hosts \
	tests/unit/test_judge_near tests/unit/test_judge_listeners
judge_test_libs = src/libew_judge.a src/libew_route.a src/libew_object.a src/libew_cert.a \
	src/libew_fact.a src/libew_json.a src/libew_base.a $(SSL_LIBS) $(CJSON_LIBS) $(YAML_LIBS) \
	$(PCRE2_LIBS) $(CHECK_LIBS)
tests_unit_test_judge_SOURCES = tests/unit/test_judge.c tests/unit/judge_scene.c
tests_unit_test_judge_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_judge_LDADD = $(judge_test_libs)
tests_unit_test_judge_hosts_SOURCES = tests/unit/test_judge_hosts.c tests/unit/judge_scene.c
tests_unit_test_judge_hosts_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_judge_hosts_LDADD = $(judge_test_libs)
tests_unit_test_judge_listeners_SOURCES = tests/unit/test_judge_listeners.c \
	tests/unit/judge_scene.c
tests_unit_test_judge_listeners_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_judge_listeners_LDADD = $(judge_test_libs)
tests_unit_test_elect_SOURCES = tests/unit/test_elect.c
tests_unit_test_elect_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_elect_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src
tests_unit_test_elect_LDADD = $(judge_test_libs)
tests_unit_test_signature_SOURCES = tests/unit/test_signature.c
tests_unit_test_signature_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_signature_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src
tests_unit_test_signature_LDADD = $(judge_test_libs)
tests_unit_test_combine_SOURCES = tests/unit/test_combine.c tests/unit/judge_scene.c
tests_unit_test_combine_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_combine_LDADD = $(judge_test_libs)
tests_unit_test_judge_edge_SOURCES = tests/unit/test_judge_edge.c tests/unit/judge_scene.c
tests_unit_test_judge_edge_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_judge_edge_LDADD = $(judge_test_libs)
tests_unit_test_judge_attach_SOURCES = tests/unit/test_judge_attach.c tests/unit/judge_scene.c
tests_unit_test_judge_attach_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_judge_attach_LDADD = $(judge_test_libs)
tests_unit_test_judge_features_SOURCES = tests/unit/test_judge_features.c tests/unit/judge_scene.c
tests_unit_test_judge_features_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_judge_features_LDADD = $(judge_test_libs)
tests_unit_test_judge_says_SOURCES = tests/unit/test_judge_says.c tests/unit/judge_scene.c
tests_unit_test_judge_says_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_judge_says_LDADD = $(judge_test_libs)
tests_unit_test_judge_backends_SOURCES = tests/unit/test_judge_backends.c tests/unit/judge_scene.c
tests_unit_test_judge_backends_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_judge_backends_LDADD = $(judge_test_libs)
tests_unit_test_judge_rivals_SOURCES = tests/unit/test_judge_rivals.c tests/unit/judge_scene.c
tests_unit_test_judge_rivals_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_judge_rivals_LDADD = $(judge_test_libs)
tests_unit_test_judge_near_SOURCES = tests/unit/test_judge_near.c tests/unit/judge_scene.c
tests_unit_test_judge_near_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_judge_near_LDADD = $(judge_test_libs)
check_PROGRAMS += tests/unit/test_judge_values
TESTS += tests/unit/test_judge_values
tests_unit_test_judge_values_SOURCES = tests/unit/test_judge_values.c tests/unit/judge_scene.c
tests_unit_test_judge_values_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_judge_values_LDADD = $(judge_test_libs)
endif
