noinst_LIBRARIES += src/libew_report.a
src_libew_report_a_SOURCES =
