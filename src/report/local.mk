noinst_LIBRARIES += src/libew_report.a
src_libew_report_a_SOURCES = \
	src/report/change_text.c \
	src/report/check_text.c \
	src/report/json.c \
	src/report/link.c \
	src/report/route_text.c \
	src/report/sheet.c src/report/sheet.h \
	src/report/text.c
src_libew_report_a_CPPFLAGS = $(AM_CPPFLAGS) -DDOCDIR='"$(docdir)"'
