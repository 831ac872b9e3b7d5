/* Memory for libcurl that is overwritten when it is given back: answers hold Secrets, requests hold
 * tokens and keys, and libcurl keeps copies of all of them. */
#ifndef EW_IO_WIPED_H
#define EW_IO_WIPED_H

/* Starts libcurl with it. */
void io_curl_init(void);

#endif
