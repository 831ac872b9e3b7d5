noinst_LIBRARIES += src/libew_json.a
src_libew_json_a_SOURCES = \
	include/edgewalk/json.h \
	src/json/list.c src/json/node.h src/json/parse.c src/json/read.c src/json/scalar.c \
	src/json/tree.c src/json/write.c src/json/write_yaml.c src/json/yaml.c
src_libew_json_a_CPPFLAGS = $(AM_CPPFLAGS) $(CJSON_CFLAGS) $(YAML_CFLAGS)
