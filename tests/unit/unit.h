/* main() of a unit test: every test program defines `Suite *suite(void)` and includes this. */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <check.h>
#include <stdlib.h>

static Suite *suite(void);

int main(void)
{
    /* A machine may be busy, and no test is about time: what hangs is ended all the same. */
    setenv("CK_DEFAULT_TIMEOUT", "60", 0);
    SRunner *runner = srunner_create(suite());
    srunner_run_all(runner, CK_ENV);
    /* TAP tells of failures; a non-zero status would count them twice. */
    int failed = getenv("CK_TAP_LOG_FILE_NAME") ? 0 : srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
