noinst_LIBRARIES += src/libew_cli.a
src_libew_cli_a_SOURCES = \
	src/cli/cli.c \
	src/cli/cli.h \
	src/cli/config.c \
	src/cli/config.h \
	src/cli/inside.c \
	src/cli/inside.h \
	src/cli/options.c \
	src/cli/options.h \
	src/cli/parse.c \
	src/cli/print.c \
	src/cli/screen.c \
	src/cli/screen.h \
	src/cli/settings.c \
	src/cli/usage.c \
	src/cli/verb_config.c \
	src/cli/verb_check.c \
	src/cli/verb_completion.c \
	src/cli/verb_explain.c \
	src/cli/verb_lab.c \
	src/cli/verb_replay.c \
	src/cli/verb_route.c \
	src/cli/verb_walk.c \
	src/cli/verbs.c
src_libew_cli_a_CPPFLAGS = $(AM_CPPFLAGS) -DPKGLIBEXECDIR='"$(pkglibexecdir)"'

# The program: the rooms, highest first, for a linker that reads archives once.
bin_PROGRAMS += edgewalk
edgewalk_SOURCES = src/main.c
EW_ROOMS = src/libew_cli.a src/libew_ui.a src/libew_report.a src/libew_walk.a \
	src/libew_cluster.a src/libew_probe.a src/libew_judge.a src/libew_route.a src/libew_io.a \
	src/libew_object.a src/libew_cert.a src/libew_fact.a src/libew_json.a src/libew_base.a
EW_LIBS = $(CURL_LIBS) $(CARES_LIBS) $(RESOLV_LIBS) $(EVENT_LIBS) $(SSL_LIBS) $(CJSON_LIBS) \
	$(YAML_LIBS) $(PCRE2_LIBS) $(IDN2_LIBS) $(NCURSES_LIBS)
edgewalk_LDADD = $(EW_ROOMS) $(EW_LIBS)

# Prints the tables that other texts are made from (man page, completions); tests compare.
noinst_PROGRAMS += src/cli/tables
src_cli_tables_SOURCES = src/cli/tables.c src/cli/runbook.c src/cli/runbook.h
src_cli_tables_LDADD = $(EW_ROOMS) $(EW_LIBS)
