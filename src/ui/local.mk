noinst_LIBRARIES += src/libew_ui.a
src_libew_ui_a_SOURCES = \
	include/edgewalk/ui.h \
	src/ui/canvas.h src/ui/canvas.c src/ui/style.h src/ui/style.c src/ui/keys.h src/ui/keys.c \
	src/ui/page.h src/ui/page.c src/ui/table.h src/ui/table.c \
	src/ui/detail.h src/ui/detail.c src/ui/detail_findings.c src/ui/detail_net.c \
	src/ui/detail_tls.c src/ui/detail_http.c src/ui/detail_edge.c src/ui/detail_backend.c \
	src/ui/detail_pod.c src/ui/detail_app.c \
	src/ui/view.h src/ui/view.c src/ui/act.c src/ui/panes.c src/ui/chain.c src/ui/draw.c src/ui/verdict.c \
	src/ui/term.h src/ui/term.c src/ui/browser.h src/ui/browser.c src/ui/run.c
src_libew_ui_a_CFLAGS = $(AM_CFLAGS) $(NCURSES_CFLAGS)
