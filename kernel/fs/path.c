/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/path.h"
#include "kernel/fs/data.h"
#include "kernel/fs/fixed.h"
#include "kernel/fs/open.h"
#include "kernel/fs/proc.h"
#include "lib/string.h"
#include "mm/user.h"
#include <linux/errno.h>
#include <linux/fcntl.h>

/* The path being walked, or the text of one being built: one at a time, nothing waits in between. */
static char path_bytes[FS_PATH_MAX];
static uint32_t working_dir = NODE_ROOT;

#include "spec/path.acsl"

/*@ terminates \true; exits \false; assigns \nothing; ensures value: \result == working_dir; */
uint32_t path_cwd(void)
{
    return working_dir;
}

void path_set_cwd(uint32_t node)
{
    node_ref(node);
    node_unref(working_dir);
    working_dir = node;
}

/* The directory above; the root is above itself, and above a directory without a name there is nothing. */
static uint32_t node_parent(uint32_t id)
{
    uint32_t entry = node_at(id)->entry;
    if (entry != 0)
        return entry_at(entry)->dir;
    return id == NODE_ROOT ? NODE_ROOT : 0;
}

/* One walk: where it is and the component it looks at. */
struct walk {
    uint32_t node; /* the directory reached */
    uint32_t at;   /* the component's place and length in path_bytes */
    uint32_t size;
    uint32_t hops;
    bool last; /* no component follows */
    bool slash;
    unsigned flags;
};

/* Finds the next component; false at the end of the path. */
/*@ requires valid: \valid(walk) && \separated(walk, &path_bytes[0 .. FS_PATH_MAX - 1]);
    requires text: StringEnds(&path_bytes[0]) && walk->at + walk->size <= StringEnd(&path_bytes[0]) < FS_PATH_MAX;
    terminates \true; exits \false; assigns walk->at, walk->size, walk->slash, walk->last;
    ensures inside: \old(walk->at + walk->size) <= walk->at
      && walk->at + walk->size <= StringEnd(&path_bytes[0]);
    ensures next: PathSlashes(&path_bytes[0], \old(walk->at + walk->size), walk->at);
    ensures whole: PathComponent(&path_bytes[0], walk->at, walk->at + walk->size);
    ensures slash: walk->slash <==> path_bytes[walk->at + walk->size] == '/';
    ensures last: walk->last
      <==> PathSlashes(&path_bytes[0], walk->at + walk->size, StringEnd(&path_bytes[0]));
    ensures found: \result <==> walk->size > 0; */
static bool walk_next(struct walk *walk)
{
    const char *text = path_bytes;
    uint32_t at = walk->at + walk->size;
    /*@ loop invariant range: \at(walk->at + walk->size, Pre) <= at <= StringEnd(&path_bytes[0]);
        loop invariant slashes: PathSlashes(&path_bytes[0], \at(walk->at + walk->size, Pre), at);
        loop assigns at; loop variant StringEnd(&path_bytes[0]) - at; */
    while (text[at] == '/')
        at++;
    uint32_t end = at;
    /*@ loop invariant range: at <= end <= StringEnd(&path_bytes[0]);
        loop invariant name: PathName(&path_bytes[0], at, end);
        loop assigns end; loop variant StringEnd(&path_bytes[0]) - end; */
    while (text[end] != '\0' && text[end] != '/')
        end++;
    walk->at = at;
    walk->size = end - at;
    walk->slash = text[end] == '/';
    /*@ loop invariant range: at + walk->size <= end <= StringEnd(&path_bytes[0]);
        loop invariant slashes: PathSlashes(&path_bytes[0], at + walk->size, end);
        loop assigns end; loop variant StringEnd(&path_bytes[0]) - end; */
    while (text[end] == '/')
        end++;
    walk->last = text[end] == '\0';
    return walk->size != 0;
}

/* Puts a symbolic link's target in place of the components walked so far. */
static int walk_splice(struct walk *walk, const struct node *link)
{
    uint64_t length = link->size;
    uint32_t rest = walk->at + walk->size;
    uint64_t rest_size = strlen(path_bytes + rest) + 1;
    if (length == 0)
        return -ENOENT;
    if (length + rest_size > FS_PATH_MAX)
        return -ENAMETOOLONG;
    memmove(path_bytes + length, path_bytes + rest, rest_size);
    struct io_buffer to = { .kernel = (uint8_t *)path_bytes };
    (void)data_read(link, 0, &to, length);
    if (path_bytes[0] == '/')
        walk->node = NODE_ROOT;
    walk->at = 0;
    walk->size = 0;
    return 0;
}

/* The place is a directory (or a file behind a link of /proc) that no name of this path stands for. */
/*@ requires valid: \valid(place);
    terminates \true; exits \false;
    assigns place->dir, place->entry, place->node, place->length, place->dotdot;
    ensures set: place->dir == 0 && place->entry == 0 && place->node == node && place->length == 0
      && (place->dotdot <==> dotdot);
    ensures exact: \result == (node == 0 ? -ENOENT : 0); */
static int place_nameless(struct place *place, uint32_t node, bool dotdot)
{
    place->dir = 0;
    place->entry = 0;
    place->node = node;
    place->length = 0;
    place->dotdot = dotdot;
    return node == 0 ? -ENOENT : 0;
}

/* The walk ends with this component: the place of its name. */
static int walk_end(const struct walk *walk, uint32_t entry, uint32_t node, struct place *place)
{
    place->dir = walk->node;
    place->entry = entry;
    place->node = node;
    place->slash = walk->slash;
    place->length = walk->size;
    memcpy(place->name, path_bytes + walk->at, walk->size);
    if (node == 0)
        return (walk->flags & PATH_CREATE) != 0 && node_at(walk->node)->nlink != 0 ? 0 : -ENOENT;
    if (walk->slash && (walk->flags & PATH_NAME) == 0 && !node_is(node_at(node), S_IFDIR))
        return -ENOTDIR;
    return 0;
}

/* A symbolic link is followed unless it is the last name and the caller means the link. */
/*@ requires valid: \valid_read(walk);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> !walk->last || ((walk->flags & PATH_NAME) == 0
      && ((walk->flags & PATH_FOLLOW) != 0 || walk->slash)); */
static bool walk_follows(const struct walk *walk)
{
    if (!walk->last)
        return true;
    return (walk->flags & PATH_NAME) == 0 && ((walk->flags & PATH_FOLLOW) != 0 || walk->slash);
}

/* Handles one named component: 1 when the walk goes on, 0 when it has ended at the place, or an error. */
static int walk_step(struct walk *walk, struct place *place)
{
    const char *name = path_bytes + walk->at;
    if ((walk->flags & PATH_FILE) != 0 && walk->last && walk->slash)
        return -EISDIR;
    if (walk->size > ENTRY_NAME_MAX)
        return -ENAMETOOLONG;
    uint32_t target = proc_descriptor_node(walk->node, name, walk->size);
    uint32_t entry = target != 0 ? 0 : entry_find(walk->node, name, walk->size);
    uint32_t node = target != 0 ? fixed_descriptor_link() : entry != 0 ? entry_at(entry)->node : 0;
    place->target = target;
    if (node == 0 && !walk->last)
        return -ENOENT;
    if (node != 0 && node_is(node_at(node), S_IFLNK) && walk_follows(walk)) {
        if (++walk->hops > PATH_HOPS_MAX)
            return -ELOOP;
        uint32_t special = node_at(node)->special;
        if (special == NODE_PLAIN) {
            int status = walk_splice(walk, node_at(node));
            return status == 0 ? 1 : status;
        }
        node = target != 0 ? target : proc_link_node(special);
        if (node == 0 || walk->last)
            return place_nameless(place, node, false);
    }
    if (walk->last)
        return walk_end(walk, entry, node, place);
    walk->node = node;
    return 1;
}

static int walk_path(struct walk *walk, struct place *place)
{
    int status = fixed_populate();
    if (status != 0)
        return status;
    bool dotdot = false;
    while (walk_next(walk)) {
        const char *name = path_bytes + walk->at;
        bool dots = name[0] == '.' && (walk->size == 1 || (walk->size == 2 && name[1] == '.'));
        dotdot = dots && walk->size == 2;
        if (!node_is(node_at(walk->node), S_IFDIR))
            return -ENOTDIR;
        if (!dots) {
            status = walk_step(walk, place);
            if (status <= 0)
                return status;
        } else if (dotdot) {
            walk->node = node_parent(walk->node);
            if (walk->node == 0)
                return -ENOENT;
        }
    }
    place->slash = true;
    return place_nameless(place, walk->node, dotdot);
}

int path_find(uint32_t start, const char *path, uint64_t length, unsigned flags, struct place *place)
{
    *place = (struct place){ .node = 0 };
    if (length == 0)
        return -ENOENT;
    if (length >= FS_PATH_MAX)
        return -ENAMETOOLONG;
    memcpy(path_bytes, path, length);
    path_bytes[length] = '\0';
    struct walk walk = { .node = path[0] == '/' ? NODE_ROOT : start, .flags = flags };
    return walk_path(&walk, place);
}

/* Where a relative path begins. */
static int dirfd_node(uint64_t dirfd, uint32_t *node)
{
    if ((int)dirfd == AT_FDCWD) {
        *node = working_dir;
        return 0;
    }
    const struct open_file *file = fd_any_file(dirfd);
    if (file == NULL)
        return -EBADF;
    *node = file->node;
    return 0;
}

int path_find_user(uint64_t dirfd, uint64_t user_path, unsigned flags, struct place *place)
{
    struct walk walk = { .node = NODE_ROOT, .flags = flags };
    *place = (struct place){ .node = 0 };
    int64_t length = user_copy_string(path_bytes, user_path, sizeof(path_bytes));
    if (length < 0)
        return (int)length;
    if (length == 0 && (flags & PATH_EMPTY) == 0)
        return -ENOENT;
    if (path_bytes[0] != '/') {
        int status = dirfd_node(dirfd, &walk.node);
        if (status != 0)
            return status;
        if (length == 0) {
            place->node = walk.node;
            return 0;
        }
    }
    return walk_path(&walk, place);
}

int64_t path_text(uint32_t node, const char **text)
{
    char name[ENTRY_NAME_MAX];
    uint32_t at = FS_PATH_MAX - 1;
    path_bytes[at] = '\0';
    while (node != NODE_ROOT) {
        uint32_t entry = node_at(node)->entry;
        if (entry == 0)
            return -ENOENT;
        uint32_t length = entry_name(entry, name);
        if (at < length + 1)
            return -ENAMETOOLONG;
        at -= length;
        memcpy(path_bytes + at, name, length);
        path_bytes[--at] = '/';
        node = entry_at(entry)->dir;
    }
    if (at == FS_PATH_MAX - 1)
        path_bytes[--at] = '/';
    *text = path_bytes + at;
    return FS_PATH_MAX - 1 - at;
}
