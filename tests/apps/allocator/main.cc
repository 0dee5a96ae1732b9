// SPDX-License-Identifier: BSD-2-Clause
// Threads of OpenMP that allocate, fill, check and free what others made.
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

static const int THREADS = 4, ROUNDS = 200, SLOTS = 64;

int main()
{
    std::vector<std::unique_ptr<std::vector<unsigned char>>> slot(SLOTS);
    int wrong = 0;

#pragma omp parallel for num_threads(THREADS) reduction(+ : wrong) schedule(dynamic)
    for (int round = 0; round < THREADS * ROUNDS; round++) {
        std::unique_ptr<std::vector<unsigned char>> mine(new std::vector<unsigned char>(1 + round * 37 % 20000));

        std::memset(mine->data(), round & 255, mine->size());
#pragma omp critical
        slot[round % SLOTS].swap(mine);
        for (size_t i = 0; mine && i < mine->size(); i++)
            wrong += (*mine)[i] != (*mine)[0];
    }
    std::printf("%d wrong bytes in %d rounds\n", wrong, THREADS * ROUNDS);
    return wrong != 0;
}
