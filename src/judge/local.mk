noinst_LIBRARIES += src/libew_judge.a
src_libew_judge_a_SOURCES =
