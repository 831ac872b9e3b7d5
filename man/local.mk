dist_man_MANS += man/edgewalk.1
EXTRA_DIST += man/update
