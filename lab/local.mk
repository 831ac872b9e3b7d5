# The practice lab, a program of its own beside the rooms of src/. Scenarios are found by folder, so
# that a new one needs no line here.
pkglibexec_PROGRAMS += edgewalk-lab
edgewalk_lab_SOURCES = lab/main.c
edgewalk_lab_CFLAGS = $(AM_CFLAGS) $(EVENTLAB_CFLAGS)
EW_LAB = lab/liblab.a src/libew_json.a src/libew_base.a \
	$(EVENTLAB_LIBS) $(SSL_LIBS) $(CJSON_LIBS) $(YAML_LIBS) $(IDN2_LIBS)
edgewalk_lab_LDADD = $(EW_LAB)

noinst_LIBRARIES += lab/liblab.a
lab_liblab_a_SOURCES = \
	lab/paths.c lab/paths.h lab/runner.c lab/runner.h lab/serve.c \
	lab/play.c lab/play.h lab/expect.c lab/expect.h \
	lab/stage.c lab/stage.h lab/scenario.c lab/scenario.h lab/patch.c lab/patch.h \
	lab/place.c lab/place.h lab/certs.c lab/certs.h lab/kubeconfig.c lab/kubeconfig.h \
	lab/http.c lab/http.h lab/sockets.c lab/sockets.h \
	lab/dns.c lab/dns.h lab/dns_wire.c \
	lab/edge.c lab/edge.h lab/edge_tls.c lab/edge_tls.h lab/answers.c lab/answers.h \
	lab/api.c lab/api.h lab/api_room.h lab/api_kinds.c lab/api_reply.c lab/api_discovery.c \
	lab/api_read.c
lab_liblab_a_CPPFLAGS = $(AM_CPPFLAGS) -DPKGDATADIR='"$(pkgdatadir)"' -DBINDIR='"$(bindir)"'
lab_liblab_a_CFLAGS = $(AM_CFLAGS) $(EVENTLAB_CFLAGS) $(SSL_CFLAGS)

nobase_dist_pkgdata_DATA = \
	$(patsubst $(top_srcdir)/%,%,$(wildcard $(top_srcdir)/lab/scenarios/*/*))

# A build tree plays the scenarios of the source tree.
noinst_DATA = lab/playable
CLEANFILES += lab/playable
lab/playable:
	$(AM_V_GEN)$(MKDIR_P) lab && rm -f $@ && ln -s $(abs_top_srcdir)/lab/scenarios $@
