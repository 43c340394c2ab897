// DOC-13: primes in parallel, with an executor.
#include <freethreading/freethreading.hpp>

#include <ranges>
#include <vector>

#include "print.hpp"

using freethreading::WorkerPoolExecutor;

bool is_prime(int n) {
    if (n < 2) {
        return false;
    }
    for (int i = 2; i * i <= n; ++i) {
        if (n % i == 0) {
            return false;
        }
    }
    return true;
}

int main() {
    WorkerPoolExecutor executor;
    std::vector<int> primes;
    int candidate = 500;
    for (const bool prime : executor.map(is_prime, std::views::iota(500, 600))) {
        if (prime) {
            primes.push_back(candidate);
        }
        ++candidate;
    }

    print("Found ", primes.size(), " primes: ", list(primes));
}
