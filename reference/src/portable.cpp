#include "freethreading/portable.hpp"

#include <exception>

#include "freethreading/portable_exception.hpp"

namespace freethreading {

detail::Nesting::Nesting(std::uint32_t& depth) : depth_(depth) {
    if (depth_ >= limit) {
        throw ValueError("a value nested more than " + std::to_string(limit) +
                         " deep cannot go to another worker: make it flat");
    }
    ++depth_;
}

void PortableOutput::copy_to(std::byte* to) const noexcept {
    const auto own = bytes();
    std::size_t copied = 0;  // of the own bytes
    const auto copy = [&](std::span<const std::byte> bytes) {
        platform::copy_bytes(to, bytes.data(), bytes.size());
        to += bytes.size();
    };
    for (const auto& borrowed : borrowed_) {
        copy(own.subspan(copied, borrowed.before - copied));
        copied = borrowed.before;
        copy(borrowed.bytes);
    }
    copy(own.subspan(copied));
}

void PortableInput::reject(const char* reason) {
    throw ValueError(std::string("these bytes are not a value of the expected type: ") + reason);
}

void detail::reject_serialization(const std::type_info& type) {
    try {
        throw;
    } catch (const Error&) {
        throw;
    } catch (const std::bad_alloc&) {
        throw;
    } catch (...) {
        throw ValueError("a value of type " + class_name(type) +
                         " cannot go to another worker, its serialization failed: " +
                         describe_exception(std::current_exception()));
    }
}

}  // namespace freethreading
