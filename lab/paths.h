/* Where the lab finds its scenarios and the program that it runs: in a build tree beside itself,
 * else where they were installed. */
#ifndef LAB_PATHS_H
#define LAB_PATHS_H

/* Both are the caller's. The environment's EDGEWALK goes before everything else. */
char *lab_path_scenarios(void);
char *lab_path_edgewalk(void);

#endif
