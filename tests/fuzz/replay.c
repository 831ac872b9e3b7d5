/* The main() of a target in ordinary tests: every file of its corpus, and every file cut short at
 * each of its first bytes, as TAP. With arguments: these files, for one that a fuzzer found. */
#include "fuzz.h"

#include <dirent.h>

#define CUTS 512

static uint8_t *read_file(const char *path, size_t *size)
{
    struct ew_buf text;
    char chunk[4096];
    size_t len;
    FILE *file = fopen(path, "rb");
    if (!file) {
        printf("Bail out! cannot open %s\n", path);
        exit(1);
    }
    ew_buf_init(&text, 1 << 24);
    while ((len = fread(chunk, 1, sizeof(chunk), file)) > 0)
        ew_buf_add(&text, chunk, len);
    fclose(file);
    *size = text.len;
    return (uint8_t *)ew_buf_take(&text);
}

/* In memory of exactly that size, so that a read beyond it is seen by AddressSanitizer. */
static void run(const uint8_t *data, size_t size)
{
    uint8_t *exact = malloc(size ? size : 1);
    if (size)
        memcpy(exact, data, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static void replay(const char *path)
{
    size_t size;
    uint8_t *data = read_file(path, &size);
    run(data, size);
    for (size_t cut = 0; cut < size && cut < CUTS; cut++)
        run(data, cut);
    free(data);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list_files(const char *folder, struct ew_ptrs *paths)
{
    DIR *dir = opendir(folder);
    if (!dir) {
        printf("Bail out! cannot open %s\n", folder);
        exit(1);
    }
    for (struct dirent *entry; (entry = readdir(dir));)
        if (entry->d_name[0] != '.')
            ew_ptrs_add(paths, ew_fmt("%s/%s", folder, entry->d_name));
    closedir(dir);
    if (paths->count)
        qsort(paths->at, paths->count, sizeof(*paths->at), by_name);
}

int main(int argc, char **argv)
{
    struct ew_ptrs paths = {0};
    const char *top = getenv("top_srcdir");
    char *folder = ew_fmt("%s/tests/fuzz/corpus/%s", top ? top : ".", FUZZ_TARGET);
    for (int i = 1; i < argc; i++)
        ew_ptrs_add(&paths, ew_strdup(argv[i]));
    if (argc < 2)
        list_files(folder, &paths);
    printf("1..%zu\n", paths.count ? paths.count : 1);
    if (!paths.count)
        printf("not ok 1 - %s holds no file\n", folder);
    for (size_t i = 0; i < paths.count; i++) {
        const char *name = strrchr(paths.at[i], '/');
        replay(paths.at[i]);
        printf("ok %zu - %s\n", i + 1, name ? name + 1 : (char *)paths.at[i]);
        fflush(stdout);
        free(paths.at[i]);
    }
    ew_ptrs_release(&paths);
    free(folder);
    return 0;
}
