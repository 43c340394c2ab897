#pragma once
/// \file
/// A mutex for private memory whose use Clang checks (-Wthread-safety). Internal.

#include <mutex>

#if defined(__clang__)
#define FREETHREADING_ANNOTATION(x) __attribute__((x))
#else
#define FREETHREADING_ANNOTATION(x)
#endif
#define FREETHREADING_GUARDED_BY(mutex) FREETHREADING_ANNOTATION(guarded_by(mutex))
#define FREETHREADING_REQUIRES(mutex) FREETHREADING_ANNOTATION(requires_capability(mutex))

namespace freethreading::platform {

class FREETHREADING_ANNOTATION(capability("mutex")) Mutex {
  public:
    void lock() FREETHREADING_ANNOTATION(acquire_capability()) { mutex_.lock(); }
    void unlock() FREETHREADING_ANNOTATION(release_capability()) { mutex_.unlock(); }

  private:
    std::mutex mutex_;
};

class FREETHREADING_ANNOTATION(scoped_lockable) MutexGuard {
  public:
    explicit MutexGuard(Mutex& mutex) FREETHREADING_ANNOTATION(acquire_capability(mutex))
        : mutex_(mutex) {
        mutex_.lock();
    }
    ~MutexGuard() FREETHREADING_ANNOTATION(release_capability()) { mutex_.unlock(); }
    MutexGuard(const MutexGuard&) = delete;
    MutexGuard& operator=(const MutexGuard&) = delete;

  private:
    Mutex& mutex_;
};

}  // namespace freethreading::platform
