/* The user's browser ($BROWSER), started beside us and never waited for. */
#ifndef UI_BROWSER_H
#define UI_BROWSER_H

#include <stdbool.h>

/* False when BROWSER is not set or cannot be started. */
bool ui_browser_open(const char *link);
void ui_browser_reap(void); /* buries those that have ended */

#endif
