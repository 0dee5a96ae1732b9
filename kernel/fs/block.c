/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/block.h"
#include "drivers/blkfront.h"
#include "drivers/platform.h"
#include "kernel/sched.h"
#include "mm/frame.h"
#include "mm/user.h"
#include <linux/errno.h>
#include <linux/fs.h>
#include <stddef.h>

#define SECOND_NS 1000000000u

/* One call at a time uses a disk: it takes the whole queue, and may read a sector to write a part of it. */
static bool is_taken[BLKFRONT_DISKS];

static bool disk_is_free(void *disk)
{
    return !is_taken[*(const uint32_t *)disk];
}

static void take_disk(uint32_t disk)
{
    (void)sched_wait(SCHED_IO, disk_is_free, &disk, SCHED_FOREVER);
    is_taken[disk] = true;
}

static void give_disk(uint32_t disk)
{
    is_taken[disk] = false;
    (void)sched_wake(SCHED_IO, SCHED_ANY, SCHED_ALL);
}

/* Bytes of a disk that one call moves. */
struct move {
    uint32_t disk;
    uint8_t operation;
    const struct io_buffer *memory;
    uint64_t start, end; /* byte start of the disk is byte 0 of the memory */
    uint64_t next;       /* whole sectors from here on were not asked for yet */
    int64_t error;       /* the first one; nothing more is asked for then */
};

/* A request on its way: whole sectors. */
struct piece {
    uint32_t slot;
    uint64_t at, size;
};

/* They end in the order they were begun, as far as the caller sees. */
struct queue {
    struct piece piece[BLKFRONT_SLOTS];
    uint32_t first, count;
};

uint32_t block_count(void)
{
    return blkfront_count();
}

uint32_t block_disk(const struct node *node)
{
    return (uint32_t)node->cookie;
}

const char *block_name(uint32_t disk)
{
    return blkfront_info(disk)->name;
}

uint32_t block_device(uint32_t disk)
{
    return blkfront_info(disk)->device;
}

int block_open(uint32_t disk, uint32_t flags)
{
    int status = blkfront_open(disk);
    if (status == 0 && (flags & O_ACCMODE) != O_RDONLY && blkfront_info(disk)->is_read_only)
        return -EACCES;
    return status;
}

uint64_t block_size(uint32_t disk)
{
    return blkfront_info(disk)->sectors * BLKFRONT_SECTOR;
}

struct wait {
    uint32_t disk, slot;
};

static bool is_ended(void *arg)
{
    const struct wait *wait = arg;
    return blkfront_result(wait->disk, wait->slot) != -EINPROGRESS;
}

/* Waits for the end of a request, which the driver sets a limit to. */
static int finish(uint32_t disk, uint32_t slot)
{
    struct wait wait = { disk, slot };
    blkfront_kick(disk);
    while (!is_ended(&wait))
        (void)sched_wait(SCHED_IO, is_ended, &wait, platform.clock_monotonic() + SECOND_NS);
    return blkfront_result(disk, slot);
}

/* One request without data, or one whose slot is taken already. */
static int ask(uint32_t disk, uint8_t operation, uint64_t sector, uint64_t sectors)
{
    uint32_t none = 0;
    int slot = blkfront_take(disk, &none);
    if (slot < 0)
        return slot == -EAGAIN ? -EIO : slot;
    blkfront_put(disk, (uint32_t)slot, operation, sector, sectors);
    int status = finish(disk, (uint32_t)slot);
    blkfront_give(disk, (uint32_t)slot);
    return status;
}

/* Copies the part of the piece that the caller wants between its pages and the caller's memory. */
static int copy_piece(const struct move *move, const struct piece *piece)
{
    uint64_t from = piece->at < move->start ? move->start : piece->at;
    uint64_t end = piece->at + piece->size < move->end ? piece->at + piece->size : move->end;
    int status = 0;
    while (from < end && status == 0) {
        uint64_t inside = from - piece->at;
        uint64_t n = FRAME_SIZE - inside % FRAME_SIZE;
        uint8_t *byte = blkfront_page(move->disk, piece->slot, (uint32_t)(inside / FRAME_SIZE)) + inside % FRAME_SIZE;
        n = n < end - from ? n : end - from;
        if (move->operation == BLKIF_OP_READ)
            status = io_give(move->memory, from - move->start, byte, n);
        else
            status = io_take(move->memory, from - move->start, byte, n);
        from += n;
    }
    return status;
}

/* Begins the next request; false when nothing more can be begun now. */
static bool begin_piece(struct move *move, struct queue *queue)
{
    uint64_t sector_size = blkfront_info(move->disk)->sector_size;
    uint64_t end = (move->end + sector_size - 1) / sector_size * sector_size;
    if (move->next >= end || move->error != 0)
        return false;
    uint64_t left = (end - move->next + FRAME_SIZE - 1) / FRAME_SIZE;
    uint32_t pages = left < BLKFRONT_PAGES ? (uint32_t)left : BLKFRONT_PAGES;
    int slot = blkfront_take(move->disk, &pages);
    if (slot < 0) {
        move->error = slot == -EAGAIN && queue->count != 0 ? 0 : slot;
        return false;
    }
    struct piece piece = { (uint32_t)slot, move->next, (uint64_t)pages * FRAME_SIZE };
    piece.size = piece.size < end - move->next ? piece.size : end - move->next;
    if (move->operation == BLKIF_OP_WRITE && copy_piece(move, &piece) != 0) {
        move->error = -EFAULT;
        blkfront_give(move->disk, piece.slot);
        return false;
    }
    blkfront_put(move->disk, piece.slot, move->operation, piece.at / BLKFRONT_SECTOR, piece.size / BLKFRONT_SECTOR);
    queue->piece[(queue->first + queue->count++) % BLKFRONT_SLOTS] = piece;
    move->next += piece.size;
    return true;
}

/* The oldest request ends. After an error the rest only comes back. */
static void end_piece(struct move *move, struct queue *queue, uint64_t *done)
{
    const struct piece *piece = &queue->piece[queue->first];
    bool failed = move->error != 0 && move->error != -EFAULT;
    int status = finish(move->disk, piece->slot);
    if (status == 0 && !failed && move->operation == BLKIF_OP_READ)
        status = copy_piece(move, piece);
    if (status != 0 && !failed)
        move->error = status;
    else if (!failed && *done == piece->at)
        *done = piece->at + piece->size;
    blkfront_give(move->disk, piece->slot);
    queue->first = (queue->first + 1) % BLKFRONT_SLOTS;
    queue->count--;
}

/* Moves all of it with the whole queue in use: bytes that were moved, all from the first on; or an error. What is written is whole
   sectors. */
static int64_t move_bytes(struct move *move)
{
    struct queue queue = { .count = 0 };
    uint64_t sector_size = blkfront_info(move->disk)->sector_size;
    move->next = move->start / sector_size * sector_size;
    uint64_t done = move->next;
    do {
        while (begin_piece(move, &queue)) {
        }
        if (queue.count != 0)
            end_piece(move, &queue, &done);
    } while (queue.count != 0);
    done = done < move->end ? done : move->end;
    return done > move->start ? (int64_t)(done - move->start) : move->error;
}

/* Writes n bytes inside one sector: it is read, changed and written back. */
static int64_t write_inside(uint32_t disk, uint64_t offset, const struct io_buffer *from, uint64_t at, uint64_t n)
{
    uint64_t size = blkfront_info(disk)->sector_size;
    uint64_t sector = offset / size * size / BLKFRONT_SECTOR;
    uint32_t pages = 1;
    int slot = blkfront_take(disk, &pages);
    if (slot < 0)
        return slot;
    blkfront_put(disk, (uint32_t)slot, BLKIF_OP_READ, sector, size / BLKFRONT_SECTOR);
    int status = finish(disk, (uint32_t)slot);
    if (status == 0)
        status = io_take(from, at, blkfront_page(disk, (uint32_t)slot, 0) + offset % size, n);
    if (status == 0) {
        blkfront_put(disk, (uint32_t)slot, BLKIF_OP_WRITE, sector, size / BLKFRONT_SECTOR);
        status = finish(disk, (uint32_t)slot);
    }
    blkfront_give(disk, (uint32_t)slot);
    return status == 0 ? (int64_t)n : status;
}

static int64_t write_whole(uint32_t disk, uint64_t offset, const struct io_buffer *from, uint64_t at, uint64_t n)
{
    struct io_buffer rest = { .kernel = from->kernel == NULL ? NULL : from->kernel + at, .user = from->user + at };
    struct move move = { disk, BLKIF_OP_WRITE, &rest, offset, offset + n, 0, 0 };
    return move_bytes(&move);
}

int64_t block_read(const struct open_file *file, uint64_t *offset, const struct io_buffer *to, uint64_t n)
{
    uint32_t disk = block_disk(node_at(file->node));
    uint64_t size = block_size(disk);
    if (*offset >= size || n == 0)
        return 0;
    struct move move = { disk, BLKIF_OP_READ, to, *offset, *offset + (n < size - *offset ? n : size - *offset), 0, 0 };
    take_disk(disk);
    int64_t done = move_bytes(&move);
    give_disk(disk);
    *offset += done > 0 ? (uint64_t)done : 0;
    return done;
}

static int flush(uint32_t disk)
{
    if (!blkfront_info(disk)->can_flush)
        return 0;
    return ask(disk, BLKIF_OP_FLUSH_DISKCACHE, 0, 0);
}

/* A part of the first sector, whole sectors, a part of the last one. */
static int64_t write_bytes(uint32_t disk, uint64_t offset, const struct io_buffer *from, uint64_t n)
{
    uint64_t sector_size = blkfront_info(disk)->sector_size, done = 0;
    int64_t moved = 0;
    do {
        uint64_t inside = (offset + done) % sector_size, want = n - done;
        if (inside == 0 && want >= sector_size) {
            want -= want % sector_size;
            moved = write_whole(disk, offset + done, from, done, want);
        } else {
            want = want < sector_size - inside ? want : sector_size - inside;
            moved = write_inside(disk, offset + done, from, done, want);
        }
        done += moved > 0 ? (uint64_t)moved : 0;
        if (moved != (int64_t)want)
            break;
    } while (done < n);
    return done != 0 ? (int64_t)done : moved;
}

int64_t block_write(const struct open_file *file, uint64_t *offset, const struct io_buffer *from, uint64_t n)
{
    uint32_t disk = block_disk(node_at(file->node));
    uint64_t size = block_size(disk);
    if (n == 0)
        return 0;
    if (*offset >= size)
        return -ENOSPC;
    take_disk(disk);
    int64_t done = write_bytes(disk, *offset, from, n < size - *offset ? n : size - *offset);
    if (done > 0 && (file->flags & O_DSYNC) != 0 && flush(disk) != 0)
        done = -EIO;
    give_disk(disk);
    *offset += done > 0 ? (uint64_t)done : 0;
    return done;
}

int block_flush(uint32_t disk)
{
    take_disk(disk);
    int status = flush(disk);
    give_disk(disk);
    return status;
}

static int64_t discard(const struct open_file *file, uint64_t user)
{
    uint32_t disk = block_disk(node_at(file->node));
    uint64_t range[2], sector_size = blkfront_info(disk)->sector_size, size = block_size(disk);
    if (!file_writable(file))
        return -EBADF;
    if (!blkfront_info(disk)->can_discard)
        return -EOPNOTSUPP;
    if (user_copy_in(range, user, sizeof(range)) != 0)
        return -EFAULT;
    if (range[0] % sector_size != 0 || range[1] % sector_size != 0 || range[1] == 0)
        return -EINVAL;
    if (range[0] > size || range[1] > size - range[0])
        return -EINVAL;
    take_disk(disk);
    int status = ask(disk, BLKIF_OP_DISCARD, range[0] / BLKFRONT_SECTOR, range[1] / BLKFRONT_SECTOR);
    give_disk(disk);
    return status;
}

static int64_t give(uint64_t user, uint64_t value, uint64_t size)
{
    return user_copy_out(user, &value, size);
}

int64_t block_ioctl(const struct open_file *file, uint32_t command, uint64_t user)
{
    uint32_t disk = block_disk(node_at(file->node));
    const struct blkfront_info *info = blkfront_info(disk);
    switch (command) {
    case BLKGETSIZE64:
        return give(user, block_size(disk), sizeof(uint64_t));
    case BLKGETSIZE:
        return give(user, info->sectors, sizeof(unsigned long));
    case BLKSSZGET:
    case BLKPBSZGET:
        return give(user, info->sector_size, sizeof(int));
    case BLKROGET:
        return give(user, info->is_read_only, sizeof(int));
    case BLKFLSBUF:
        return block_flush(disk);
    case BLKDISCARD:
        return discard(file, user);
    default:
        return -ENOTTY;
    }
}
