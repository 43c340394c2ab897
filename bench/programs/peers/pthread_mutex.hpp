#pragma once
/// \file
/// POSIX mutexes that processes can share.

#include <pthread.h>

#include <cerrno>
#include <system_error>

namespace bench {

inline void require_zero(int error, const char* call) {
    if (error != 0) throw std::system_error(error, std::generic_category(), call);
}

enum class PthreadKind { normal, recursive, robust };

template <PthreadKind kind>
struct PthreadMutex {
    static constexpr const char* name = kind == PthreadKind::robust      ? "pthread_mutex_robust"
                                        : kind == PthreadKind::recursive ? "pthread_mutex_recursive"
                                                                         : "pthread_mutex";
    PthreadMutex() {
        pthread_mutexattr_t attributes;
        pthread_mutexattr_init(&attributes);
        pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
        if constexpr (kind == PthreadKind::recursive)
            pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
        if constexpr (kind == PthreadKind::robust)
            pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
        require_zero(pthread_mutex_init(&mutex, &attributes), "pthread_mutex_init");
        pthread_mutexattr_destroy(&attributes);
    }
    ~PthreadMutex() { pthread_mutex_destroy(&mutex); }
    PthreadMutex(const PthreadMutex&) = delete;
    PthreadMutex& operator=(const PthreadMutex&) = delete;

    void acquire() { pthread_mutex_lock(&mutex); }
    bool try_acquire() { return pthread_mutex_trylock(&mutex) == 0; }
    void release() { pthread_mutex_unlock(&mutex); }

    pthread_mutex_t mutex;
};

}  // namespace bench
