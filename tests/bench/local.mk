# `make bench`: what is measured, not what is tested.
EXTRA_PROGRAMS = tests/bench/bench_route
tests_bench_bench_route_SOURCES = tests/bench/bench_route.c
tests_bench_bench_route_LDADD = src/libew_cluster.a src/libew_route.a src/libew_io.a \
	src/libew_object.a src/libew_cert.a src/libew_fact.a src/libew_json.a src/libew_base.a $(EW_LIBS)

bench: $(EXTRA_PROGRAMS)
	@for program in $(EXTRA_PROGRAMS); do echo "# $$program"; ./$$program || exit 1; done
