noinst_LIBRARIES += src/libew_judge.a
src_libew_judge_a_SOURCES = \
	src/judge/causes.c \
	src/judge/causes.h \
	src/judge/causes_api.c \
	src/judge/causes_app.c \
	src/judge/causes_dns.c \
	src/judge/causes_edge.c \
	src/judge/causes_endpoints.c \
	src/judge/causes_http.c \
	src/judge/causes_lb.c \
	src/judge/causes_pod.c \
	src/judge/causes_policy.c \
	src/judge/causes_route.c \
	src/judge/causes_service.c \
	src/judge/causes_tls.c \
	src/judge/layers.c
