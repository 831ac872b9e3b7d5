EXTRA_DIST += tests/unit/route_world.h tests/unit/random_world.h
if HAVE_CHECK
route_tests = tests/unit/test_route_attach tests/unit/test_route_match \
	tests/unit/test_route_serve tests/unit/test_route_ingress tests/unit/test_route_check \
	tests/unit/test_route_choices tests/unit/test_route_admission \
	tests/unit/test_route_rivals tests/unit/test_route_uses tests/unit/test_route_properties \
	tests/unit/test_route_change
check_PROGRAMS += $(route_tests)
TESTS += $(route_tests)
route_test_libs = src/libew_route.a src/libew_object.a src/libew_cert.a src/libew_fact.a \
	src/libew_json.a src/libew_base.a $(SSL_LIBS) $(CJSON_LIBS) $(YAML_LIBS) $(PCRE2_LIBS) \
	$(CHECK_LIBS)
tests_unit_test_route_attach_SOURCES = tests/unit/test_route_attach.c tests/unit/route_world.c
tests_unit_test_route_attach_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_route_attach_LDADD = $(route_test_libs)
tests_unit_test_route_match_SOURCES = tests/unit/test_route_match.c tests/unit/route_world.c
tests_unit_test_route_match_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_route_match_LDADD = $(route_test_libs)
tests_unit_test_route_serve_SOURCES = tests/unit/test_route_serve.c tests/unit/route_world.c
tests_unit_test_route_serve_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_route_serve_LDADD = $(route_test_libs)
tests_unit_test_route_admission_SOURCES = tests/unit/test_route_admission.c tests/unit/route_world.c
tests_unit_test_route_admission_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_route_admission_LDADD = $(route_test_libs)
tests_unit_test_route_check_SOURCES = tests/unit/test_route_check.c tests/unit/route_world.c
tests_unit_test_route_check_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_route_check_LDADD = $(route_test_libs)
tests_unit_test_route_choices_SOURCES = tests/unit/test_route_choices.c tests/unit/route_world.c
tests_unit_test_route_choices_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_route_choices_LDADD = $(route_test_libs)
tests_unit_test_route_ingress_SOURCES = tests/unit/test_route_ingress.c tests/unit/route_world.c
tests_unit_test_route_ingress_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_route_ingress_LDADD = $(route_test_libs)
tests_unit_test_route_rivals_SOURCES = tests/unit/test_route_rivals.c tests/unit/route_world.c
tests_unit_test_route_rivals_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_route_rivals_LDADD = $(route_test_libs)
tests_unit_test_route_uses_SOURCES = tests/unit/test_route_uses.c tests/unit/route_world.c
tests_unit_test_route_uses_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_route_uses_LDADD = $(route_test_libs)
tests_unit_test_route_properties_SOURCES = tests/unit/test_route_properties.c \
	tests/unit/random_world.c tests/unit/route_world.c
tests_unit_test_route_properties_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_route_properties_LDADD = $(route_test_libs)
tests_unit_test_route_change_SOURCES = tests/unit/test_route_change.c tests/unit/route_world.c
tests_unit_test_route_change_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_route_change_LDADD = $(route_test_libs)
endif
