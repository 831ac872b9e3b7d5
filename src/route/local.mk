noinst_LIBRARIES += src/libew_route.a
src_libew_route_a_SOURCES =
