#define _GNU_SOURCE
#include "CSyncron.h"
#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

extern char **environ;

int syncron_spawn(const char *path, char *const arguments[], int *pid, int *output) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    // A socket that the child inherited would keep its port when this process is gone.
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    pid_t child;
    int code = posix_spawn(&child, path, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (code != 0) {
        close(ends[0]);
        return code;
    }
    *pid = child;
    *output = ends[0];
    return 0;
}
