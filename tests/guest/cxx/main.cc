/* SPDX-License-Identifier: BSD-2-Clause */
/* What the C++ runtime needs must work as on Linux: unwinding through frames, static constructors and destructors, big
   and small allocations, locale-dependent streams. */
#include <algorithm>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

struct Loud {
    const char *name;
    explicit Loud(const char *n) : name(n)
    {
        std::cout << "made " << name << "\n";
    }
    ~Loud()
    {
        std::cout << "gone " << name << std::endl;
    }
};

static Loud at_start("before main");

static int depth(int n)
{
    Loud local("frame");

    if (n == 0)
        throw std::out_of_range("no deeper");
    return depth(n - 1) + 1;
}

static void count_words()
{
    std::istringstream text("one two two three three three");
    std::map<std::string, int> count;

    for (std::string word; text >> word;)
        count[word]++;
    for (const auto &[word, times] : count)
        std::cout << std::setw(6) << word << " " << times << "\n";
}

int main()
{
    try {
        depth(2);
    } catch (const std::exception &error) {
        std::cout << "caught: " << error.what() << "\n";
    }
    try {
        std::cout << std::vector<int>(3).at(7);
    } catch (const std::out_of_range &) {
        std::cout << "caught: at\n";
    }
    count_words();
    std::vector<std::unique_ptr<double[]>> blocks;
    for (int i = 0; i < 200; i++)
        blocks.emplace_back(new double[5000]());
    blocks.erase(blocks.begin(), blocks.begin() + 100);
    std::vector<int> numbers(100000);
    for (size_t i = 0; i < numbers.size(); i++)
        numbers[i] = static_cast<int>(i * 7919 % 100003);
    std::sort(numbers.begin(), numbers.end());
    std::cout << std::fixed << std::setprecision(4) << numbers[50000] / 3.0 << " " << blocks.size() << "\n";
    return 7;
}
