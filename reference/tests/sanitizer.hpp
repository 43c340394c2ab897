#pragma once
/// \file
/// Whether this program is built with a sanitizer: it is slower, and keeps memory that was freed.

#include "freethreading/platform/word.hpp"  // tells whether it is ThreadSanitizer

#if defined(FREETHREADING_THREAD_SANITIZER) || defined(__SANITIZE_ADDRESS__)
inline constexpr bool is_sanitized = true;
#elif defined(__has_feature)
inline constexpr bool is_sanitized = __has_feature(address_sanitizer);
#else
inline constexpr bool is_sanitized = false;
#endif
