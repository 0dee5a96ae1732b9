/* SPDX-License-Identifier: BSD-2-Clause */
/* C++20's threads (waits on atomics are futexes of the library's own), coroutines, file systems, clocks, and exceptions across them. */
#include <atomic>
#include <barrier>
#include <chrono>
#include <coroutine>
#include <exception>
#include <filesystem>
#include <fstream>
#include <future>
#include <iomanip>
#include <iostream>
#include <latch>
#include <locale>
#include <memory_resource>
#include <random>
#include <regex>
#include <semaphore>
#include <shared_mutex>
#include <sstream>
#include <stop_token>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

static void waits()
{
    constexpr int team = 4, rounds = 50;
    std::atomic<int> turn = 0, wrong = 0;
    std::vector<int> phase(team);
    std::latch started(team);
    std::barrier both(team);
    std::counting_semaphore<2> two(2);
    std::atomic<int> inside = 0, most = 0;
    std::vector<std::jthread> threads;

    for (int me = 0; me < team; me++)
        threads.emplace_back([&, me] {
            started.arrive_and_wait();
            for (int i = 1; i <= rounds; i++) {
                phase[me] = i;
                both.arrive_and_wait();
                for (int value : phase)
                    wrong += value != i;
                both.arrive_and_wait();
            }
            two.acquire();
            most = std::max<int>(most, ++inside);
            std::this_thread::sleep_for(1ms);
            inside--;
            two.release();
            for (int now = turn; now != me; now = turn)
                turn.wait(now);
            turn++;
            turn.notify_all();
        });
    threads.clear();
    std::cout << "waits: " << turn << " turns, wrong " << wrong << ", at most two " << (most <= 2) << std::endl;
}

static void stops()
{
    std::mutex mutex;
    std::condition_variable_any changed;
    bool stopped = false;
    std::jthread thread([&](std::stop_token token) {
        std::unique_lock lock(mutex);
        changed.wait(lock, token, [] { return false; });
        stopped = token.stop_requested();
    });

    std::this_thread::sleep_for(5ms);
    thread.request_stop();
    thread.join();
    std::timed_mutex timed;
    std::shared_timed_mutex shared;
    std::lock_guard held(timed);
    std::shared_lock reader(shared);
    auto other = std::async(std::launch::async, [&] {
        bool alone = shared.try_lock_for(3ms), together = shared.try_lock_shared();

        if (together)
            shared.unlock_shared();
        return std::make_tuple(timed.try_lock_for(3ms), alone, together);
    });
    auto [locked, alone, together] = other.get();
    std::cout << "stops: " << stopped << locked << alone << together << std::endl;
}

struct Numbers {
    struct promise_type {
        int value = 0;
        std::exception_ptr error;
        Numbers get_return_object()
        {
            return { std::coroutine_handle<promise_type>::from_promise(*this) };
        }
        std::suspend_always initial_suspend() noexcept
        {
            return {};
        }
        std::suspend_always final_suspend() noexcept
        {
            return {};
        }
        std::suspend_always yield_value(int next)
        {
            value = next;
            return {};
        }
        void return_void()
        {
        }
        void unhandled_exception()
        {
            error = std::current_exception();
        }
    };
    std::coroutine_handle<promise_type> handle;
};

static Numbers squares(int limit)
{
    for (int i = 0;; i++) {
        if (i * i > limit)
            throw std::overflow_error("beyond " + std::to_string(limit));
        co_yield i *i;
    }
}

static void coroutines()
{
    Numbers numbers = squares(50);
    int sum = 0;

    for (numbers.handle.resume(); !numbers.handle.done(); numbers.handle.resume())
        sum += numbers.handle.promise().value;
    std::exception_ptr error = numbers.handle.promise().error;
    numbers.handle.destroy();
    try {
        try {
            std::rethrow_exception(error);
        } catch (...) {
            std::throw_with_nested(std::runtime_error("outer"));
        }
    } catch (const std::exception &outer) {
        std::cout << "coroutine: " << sum << ", " << outer.what();
        try {
            std::rethrow_if_nested(outer);
        } catch (const std::exception &inner) {
            std::cout << " of " << inner.what() << std::endl;
        }
    }
}

static void files()
{
    namespace fs = std::filesystem;
    fs::path top = fs::temp_directory_path() / "anchorite-cxx20";
    std::error_code error;
    std::vector<std::string> names;

    fs::remove_all(top);
    fs::create_directories(top / "a" / "b");
    std::ofstream(top / "a" / "text") << "one two\nthree";
    fs::copy_file(top / "a" / "text", top / "copy");
    fs::create_symlink("copy", top / "link");
    fs::rename(top / "a" / "b", top / "moved");
    fs::resize_file(top / "copy", 5);
    for (const auto &entry : fs::recursive_directory_iterator(top))
        names.push_back(entry.path().lexically_relative(top).string() + (entry.is_directory() ? "/" : ""));
    std::sort(names.begin(), names.end());
    for (const auto &name : names)
        std::cout << name << " ";
    std::cout << fs::file_size(top / "link") << " " << fs::canonical(top / "link").filename() << " ";
    std::cout << (fs::is_directory(top / "none" / "deeper", error) ? "strange" : error.message()) << ", removed "
              << fs::remove_all(top) << std::endl;
}

static void texts()
{
    std::mt19937_64 random(5489);
    std::byte buffer[512];
    std::pmr::monotonic_buffer_resource pool(buffer, sizeof buffer);
    std::pmr::vector<int> numbers({ 3, 1, 2 }, &pool);
    std::smatch match;
    std::string text = "boot 2026-11-21 done";
    std::time_t day = 0;

    random.discard(9999);
    std::regex_search(text, match, std::regex("(\\d+)-(\\d+)-(\\d+)"));
    std::cout << "texts: " << random() << " " << match[2] << " " << numbers.size() << " " << std::locale("").name()
              << " " << std::put_time(std::gmtime(&day), "%F %T") << " " << std::hexfloat << 0.1 << std::endl;
}

int main()
{
    waits();
    stops();
    coroutines();
    files();
    texts();
    std::random_device device;
    device();
    std::set_terminate([] {
        std::cout << "terminated" << std::endl;
        std::_Exit(9);
    });
    std::thread([] { throw 1; }).join();
}
