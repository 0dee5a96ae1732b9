/* SPDX-License-Identifier: BSD-2-Clause */
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <iostream>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

static std::atomic<int> made, gone;

struct counted {
    int value = 3;
    counted()
    {
        made++;
    }
    ~counted()
    {
        gone++;
    }
};

static thread_local counted own;

int main()
{
    std::vector<std::thread> threads;
    std::mutex mutex;
    std::condition_variable changed;
    long sum = 0;
    bool wrong = false, timed_out;

    for (int i = 0; i < 10; i++)
        threads.emplace_back([&, i] {
            try {
                own.value += i;
                if (i % 2 == 0)
                    throw std::runtime_error("even");
                std::lock_guard<std::mutex> lock(mutex);
                sum += own.value;
            } catch (const std::exception &) {
                std::lock_guard<std::mutex> lock(mutex);
                sum += 1000;
            }
        });
    for (auto &thread : threads)
        thread.join();
    wrong |= sum != 5000 + 5 * 3 + 25 || made != 10 || gone != 10;
    auto later = std::async(std::launch::async, []() -> int { throw std::out_of_range("far"); });
    try {
        later.get();
        wrong = true;
    } catch (const std::out_of_range &) {
    }
    std::unique_lock<std::mutex> lock(mutex);
    timed_out = !changed.wait_for(lock, std::chrono::milliseconds(20), [] { return false; });
    wrong |= !timed_out;
    std::cout << (wrong ? "something is wrong" : "all as it should be") << std::endl;
    return wrong;
}
