noinst_LIBRARIES += src/libew_route.a
src_libew_route_a_SOURCES = \
	include/edgewalk/route.h \
	src/route/routing.h src/route/routing.c src/route/hostname.c src/route/features.c src/route/uses.c \
	src/route/namespace.c src/route/grant.c src/route/secret.c \
	src/route/gateway.c src/route/listener.c src/route/conflict.c src/route/takers.c \
	src/route/route.c src/route/rule.h src/route/rule.c \
	src/route/attach.h src/route/attach.c src/route/attach_explain.c src/route/rival.c \
	src/route/match.h src/route/match.c src/route/miss.c src/route/precedence.c \
	src/route/regex.c src/route/index.c src/route/reported.c \
	src/route/decide.h src/route/decide.c src/route/gateway_decide.c \
	src/route/certificate.h src/route/certificate.c \
	src/route/candidates.h src/route/candidates.c \
	src/route/backend.h src/route/backend.c src/route/endpoints.c \
	src/route/policy.h src/route/policy.c \
	src/route/filter.h src/route/filter.c src/route/filter_fault.c src/route/extension.c src/route/cors.c \
	src/route/ingress.h src/route/ingress.c src/route/ingress_decide.c \
	src/route/ingress_candidates.c src/route/near.c src/route/compare.c \
	src/route/decision_json.c src/route/ingress_path.c src/route/ingress_canary.c \
	src/route/check.h src/route/check.c src/route/check_scope.c src/route/check_condition.c \
	src/route/check_gateway.c src/route/check_listener.c src/route/check_route.c \
	src/route/check_refs.c src/route/check_policy.c \
	src/route/change.c src/route/winners.c \
	src/route/shape.h src/route/shape.c src/route/admission.c
src_libew_route_a_CFLAGS = $(AM_CFLAGS) $(PCRE2_CFLAGS)
