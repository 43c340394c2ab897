#pragma once
/// \file
/// The archives through which types that say how they serialize are copied. Internal.
///
/// A type needs what cereal asks for: a `serialize` function, or `save` and `load`, as members or
/// free. Members that are portable by themselves, strings, containers and handles among them, need
/// no header of cereal's; anything else (a std::unique_ptr, say) needs cereal's header for it.

#include <cereal/cereal.hpp>
#include <cstddef>
#include <limits>
#include <type_traits>
#include <typeinfo>

#include "freethreading/portable_buffer.hpp"

namespace freethreading {

template <class T>
void encode(PortableOutput& output, const T& value);
template <class T>
[[nodiscard]] T decode(PortableInput& input);

namespace detail {

template <class T, class... Assumed>
consteval bool is_portable();
template <class T>
consteval bool serializes_itself();

/// Whether an archive leaves `T` to us: sharing of pointers and versions need cereal's own way.
template <class T>
consteval bool is_portable_without_cereal() {
    return !serializes_itself<T>() && is_portable<T>();
}

/// To be called while a serializer's exception is being handled. Throws ValueError with its reason;
/// exceptions of this library and std::bad_alloc pass.
[[noreturn]] void reject_serialization(const std::type_info& type);

class OutputArchive : public cereal::OutputArchive<OutputArchive> {
    using Base = cereal::OutputArchive<OutputArchive>;

  public:
    explicit OutputArchive(PortableOutput& output) : Base(this), output_(output) {}

    template <class... T>
    OutputArchive& operator()(T&&... values) {
        (process_one(values), ...);
        return *this;
    }
    template <class T>
    OutputArchive& operator&(T&& value) {
        return (*this)(value);
    }
    template <class T>
    OutputArchive& operator<<(T&& value) {
        return (*this)(value);
    }
    void write(const void* data, std::size_t size) { output_.write(data, size); }

  private:
    template <class T>
    void process_one(T& value) {
        if constexpr (is_portable_without_cereal<std::remove_const_t<T>>()) {
            encode(output_, value);
        } else {
            const auto before = output_.bytes().size();
            Base::operator()(value);
            // At least one byte each, so that a count of elements is bounded by the bytes left.
            if (output_.bytes().size() == before) output_.write_byte(0);
        }
    }

    PortableOutput& output_;
};

class InputArchive : public cereal::InputArchive<InputArchive> {
    using Base = cereal::InputArchive<InputArchive>;

  public:
    explicit InputArchive(PortableInput& input) : Base(this), input_(input) {}

    template <class... T>
    InputArchive& operator()(T&&... values) {
        (process_one(values), ...);
        return *this;
    }
    template <class T>
    InputArchive& operator&(T&& value) {
        return (*this)(value);
    }
    template <class T>
    InputArchive& operator>>(T&& value) {
        return (*this)(value);
    }
    void read(void* data, std::size_t size) { input_.read(data, size); }
    [[nodiscard]] std::size_t read_size() { return input_.read_size(1); }

  private:
    template <class T>
    void process_one(T& value) {
        if constexpr (is_portable_without_cereal<T>()) {
            value = decode<T>(input_);
        } else {
            const auto before = input_.remaining();
            Base::operator()(value);
            if (input_.remaining() == before) (void)input_.read_byte();
        }
    }

    PortableInput& input_;
};

}  // namespace detail
}  // namespace freethreading

namespace cereal {

template <class T>
    requires std::is_arithmetic_v<T>
void CEREAL_SAVE_FUNCTION_NAME(freethreading::detail::OutputArchive& archive, const T& value) {
    archive.write(&value, sizeof value);
}
template <class T>
    requires std::is_arithmetic_v<T>
void CEREAL_LOAD_FUNCTION_NAME(freethreading::detail::InputArchive& archive, T& value) {
    archive(value);
}

template <class T>
void CEREAL_SAVE_FUNCTION_NAME(freethreading::detail::OutputArchive& archive,
                               const NameValuePair<T>& pair) {
    archive(pair.value);
}
template <class T>
void CEREAL_LOAD_FUNCTION_NAME(freethreading::detail::InputArchive& archive,
                               NameValuePair<T>& pair) {
    archive(pair.value);
}

template <class T>
void CEREAL_SAVE_FUNCTION_NAME(freethreading::detail::OutputArchive& archive,
                               const SizeTag<T>& tag) {
    archive(static_cast<std::size_t>(tag.size));
}
template <class T>
void CEREAL_LOAD_FUNCTION_NAME(freethreading::detail::InputArchive& archive, SizeTag<T>& tag) {
    tag.size = static_cast<std::remove_reference_t<decltype(tag.size)>>(archive.read_size());
}

template <class T>
void CEREAL_SAVE_FUNCTION_NAME(freethreading::detail::OutputArchive& archive,
                               const BinaryData<T>& data) {
    archive.write(data.data, static_cast<std::size_t>(data.size));
}
template <class T>
void CEREAL_LOAD_FUNCTION_NAME(freethreading::detail::InputArchive& archive, BinaryData<T>& data) {
    archive.read(data.data, static_cast<std::size_t>(data.size));
}

}  // namespace cereal

CEREAL_REGISTER_ARCHIVE(freethreading::detail::OutputArchive)
CEREAL_REGISTER_ARCHIVE(freethreading::detail::InputArchive)
CEREAL_SETUP_ARCHIVE_TRAITS(freethreading::detail::InputArchive,
                            freethreading::detail::OutputArchive)
