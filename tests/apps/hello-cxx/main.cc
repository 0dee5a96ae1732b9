// SPDX-License-Identifier: BSD-2-Clause
// Streams, an exception through a destructor, a constructor before main, containers.
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>

struct Guard {
    ~Guard()
    {
        std::cout << "unwound" << std::endl;
    }
};

static const std::string early = "made before main";

static int fails(int n)
{
    Guard guard;

    if (n > 2)
        throw std::runtime_error("more than " + std::to_string(n - 1));
    return n;
}

int main()
{
    std::map<std::string, double> values = { { "pi", 3.14159 }, { "e", 2.71828 } };

    std::cout << "Hello from C++, " << early << std::endl;
    for (const auto &value : values)
        std::cout << value.first << " = " << value.second << std::endl;
    try {
        fails(3);
    } catch (const std::exception &error) {
        std::cout << "caught: " << error.what() << std::endl;
    }
    return 0;
}
