#pragma once
/// \file
/// sem_t, as a semaphore and, with one token, as a lock or a signal.

#include <semaphore.h>

#include <cerrno>

namespace bench {

struct PosixSemaphore {
    static constexpr const char* name = "sem_t";
    explicit PosixSemaphore(int tokens = 1) {
        sem_init(&semaphore, 1, static_cast<unsigned>(tokens));
    }
    ~PosixSemaphore() { sem_destroy(&semaphore); }
    PosixSemaphore(const PosixSemaphore&) = delete;
    PosixSemaphore& operator=(const PosixSemaphore&) = delete;

    void acquire() {
        while (sem_wait(&semaphore) != 0 && errno == EINTR) {
        }
    }
    bool try_acquire() { return sem_trywait(&semaphore) == 0; }
    void release() { sem_post(&semaphore); }

    sem_t semaphore;
};

}  // namespace bench
