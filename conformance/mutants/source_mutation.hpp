#pragma once
/// \file
/// Chooses the one wrong place of a source that has many: mutate_source.py writes the calls of `chosen` into a copy
/// of the reference, and has the compiler include this file first.
///
///     FREETHREADING_MUTATION=17 reference-driver         # wrong at the place 17 alone
///     FREETHREADING_MUTATION_REACHED=file reference-driver # marks in the file, a byte each, what was reached

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>

namespace freethreading_mutation {

struct Choice {
    int number = -1;
    unsigned char* reached = nullptr;
    std::size_t size = 0;
};

/// The file stays mapped in all processes that are forked from here; they mark in it together.
inline Choice choice_of_environment() {
    Choice choice;
    if (const char* number = std::getenv("FREETHREADING_MUTATION"))
        choice.number = std::atoi(number);
    const char* file = std::getenv("FREETHREADING_MUTATION_REACHED");
    if (file == nullptr) return choice;
    const int descriptor = open(file, O_RDWR | O_CLOEXEC);
    struct stat status{};
    if (descriptor < 0 || fstat(descriptor, &status) != 0) std::abort();
    choice.size = static_cast<std::size_t>(status.st_size);
    void* const memory =
        mmap(nullptr, choice.size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    if (memory == MAP_FAILED) std::abort();
    choice.reached = static_cast<unsigned char*>(memory);
    return choice;
}

/// Nothing is chosen before it is initialized, and nothing while compiling.
inline Choice choice = choice_of_environment();

inline bool chosen_now(int number) {
    if (choice.reached != nullptr && static_cast<std::size_t>(number) < choice.size)
        __atomic_store_n(&choice.reached[number], 1,
                         __ATOMIC_RELAXED);  // by many threads, as ThreadSanitizer sees
    return number == choice.number;
}

/// Whether the program is to be wrong in this place.
constexpr bool chosen(int number) {
    return __builtin_is_constant_evaluated() ? false : chosen_now(number);
}

}  // namespace freethreading_mutation
