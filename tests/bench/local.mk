# `make bench`: what is measured, not what is tested.
EXTRA_PROGRAMS = tests/bench/bench_route tests/bench/bench_ui
tests_bench_bench_route_SOURCES = tests/bench/bench_route.c
tests_bench_bench_route_LDADD = src/libew_cluster.a src/libew_route.a src/libew_io.a \
	src/libew_object.a src/libew_cert.a src/libew_fact.a src/libew_json.a src/libew_base.a $(EW_LIBS)

tests_bench_bench_ui_SOURCES = tests/bench/bench_ui.c tests/unit/peer.c \
	tests/unit/mint.c tests/unit/tls_peer.c
tests_bench_bench_ui_CFLAGS = $(AM_CFLAGS) $(SSL_CFLAGS)
tests_bench_bench_ui_LDADD = src/libew_probe.a $(EW_UI_ROOMS) $(EW_LIBS) -lutil

bench: edgewalk $(EXTRA_PROGRAMS)
	@for program in $(EXTRA_PROGRAMS); do echo "# $$program"; top_srcdir="$(abs_top_srcdir)" ./$$program || exit 1; done
