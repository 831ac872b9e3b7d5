noinst_LIBRARIES += src/libew_ui.a
src_libew_ui_a_SOURCES =
