EW_UI_ROOMS = src/libew_ui.a src/libew_judge.a src/libew_route.a src/libew_io.a \
	src/libew_object.a src/libew_cert.a src/libew_fact.a src/libew_json.a src/libew_base.a
if HAVE_CHECK
check_PROGRAMS += tests/unit/test_ui tests/unit/test_ui_screen
TESTS += tests/unit/test_ui tests/unit/test_ui_screen
tests_unit_test_ui_SOURCES = tests/unit/test_ui.c tests/unit/uiwalk.c tests/unit/uiwalk.h
tests_unit_test_ui_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_ui_LDADD = $(EW_UI_ROOMS) $(EW_LIBS) $(CHECK_LIBS)
tests_unit_test_ui_screen_SOURCES = tests/unit/test_ui_screen.c tests/unit/uiwalk.c tests/unit/uiwalk.h
tests_unit_test_ui_screen_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_ui_screen_LDADD = $(EW_UI_ROOMS) $(EW_LIBS) $(CHECK_LIBS)
endif
EXTRA_DIST += tests/screen/fixtures tests/screen/golden tests/screen/walks tests/screen/record.py
if HAVE_CHECK
check_PROGRAMS += tests/unit/test_config
TESTS += tests/unit/test_config
tests_unit_test_config_SOURCES = tests/unit/test_config.c
tests_unit_test_config_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_config_LDADD = $(EW_ROOMS) $(EW_LIBS) $(CHECK_LIBS)
endif

# The terminal: the real UI over hand-made walks, under tmux.
check_PROGRAMS += tests/screen/play
tests_screen_play_SOURCES = tests/screen/play.c tests/unit/uiwalk.c tests/unit/uiwalk.h
tests_screen_play_LDADD = $(EW_UI_ROOMS) $(EW_LIBS)
TESTS += tests/screen/terminal.py tests/screen/live.py tests/screen/looks.py
EXTRA_DIST += tests/screen/terminal.py tests/screen/live.py tests/screen/looks.py tests/screen/tmux.py
