#pragma once
/// \file
/// Memory without any synchronisation that all workers share, to see whether the library's own
/// keeps them apart; race detectors watch it too.

#include <sys/mman.h>

#include <cstdlib>
#include <new>

/// A static object only: workers see what was mapped before the fork server started.
template <class T>
class SharedCell {
  public:
    SharedCell() {
        void* const memory =
            mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) std::abort();
        value_ = new (memory) T();
    }
    SharedCell(const SharedCell&) = delete;
    SharedCell& operator=(const SharedCell&) = delete;

    [[nodiscard]] T& operator*() const { return *value_; }
    [[nodiscard]] T* operator->() const { return value_; }

  private:
    T* value_;
};
