noinst_LIBRARIES += src/libew_cli.a
src_libew_cli_a_SOURCES =
