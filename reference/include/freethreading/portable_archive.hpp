#pragma once
/// \file
/// The archives through which types that say how they serialize are copied. Internal.
///
/// A type needs what cereal asks for: a `serialize` function, or `save` and `load`, as members or
/// free. Members that are portable by themselves, strings, containers and handles among them, need
/// no header of cereal's; anything else (a std::unique_ptr, say) needs cereal's header for it.

#include <cereal/cereal.hpp>
#include <cstddef>
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

/// Whether an archive leaves `T` to us. Versions and shared pointers need cereal's own way.
template <class T>
inline constexpr bool is_portable_without_cereal = !serializes_itself<T>() && is_portable<T>();

/// To be called while a serializer's exception is being handled. Throws ValueError with its reason;
/// exceptions of this library and std::bad_alloc pass.
[[noreturn]] void reject_serialization(const std::type_info& type);

struct OutputArchive : cereal::OutputArchive<OutputArchive> {
    using Base = cereal::OutputArchive<OutputArchive>;

    explicit OutputArchive(PortableOutput& destination) : Base(this), output(destination) {}

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
    void process_one(T& value) {
        if constexpr (is_portable_without_cereal<std::remove_const_t<T>>) {
            encode(output, value);
        } else {
            const auto before = output.bytes().size();
            Base::operator()(value);
            // At least one byte each, so that a count of elements is bounded by the bytes left.
            if (output.bytes().size() == before) output.write_byte(0);
        }
    }

    PortableOutput& output;
};

struct InputArchive : cereal::InputArchive<InputArchive> {
    using Base = cereal::InputArchive<InputArchive>;

    explicit InputArchive(PortableInput& source) : Base(this), input(source) {}

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
    void process_one(T& value) {
        if constexpr (is_portable_without_cereal<T>) {
            value = decode<T>(input);
        } else {
            const auto before = input.remaining();
            Base::operator()(value);
            if (input.remaining() == before) (void)input.read_byte();
        }
    }

    PortableInput& input;
};

}  // namespace detail
}  // namespace freethreading

namespace cereal {

template <class T>
    requires std::is_arithmetic_v<T>
void save(freethreading::detail::OutputArchive& archive, const T& number) {
    archive(number);
}
template <class T>
    requires std::is_arithmetic_v<T>
void load(freethreading::detail::InputArchive& archive, T& number) {
    archive(number);
}
template <class Archive, class T>
CEREAL_ARCHIVE_RESTRICT(freethreading::detail::InputArchive, freethreading::detail::OutputArchive)
serialize(Archive& archive, NameValuePair<T>& pair) {
    archive(pair.value);
}
template <class T>
void save(freethreading::detail::OutputArchive& archive, const SizeTag<T>& tag) {
    archive.output.write_size(tag.size);
}
template <class T>
void load(freethreading::detail::InputArchive& archive, SizeTag<T>& tag) {
    tag.size = archive.input.read_size(1);
}
template <class T>
void save(freethreading::detail::OutputArchive& archive, const BinaryData<T>& data) {
    archive.output.write(data.data, data.size);
}
template <class T>
void load(freethreading::detail::InputArchive& archive, BinaryData<T>& data) {
    archive.input.read(data.data, data.size);
}

}  // namespace cereal

CEREAL_REGISTER_ARCHIVE(freethreading::detail::OutputArchive)
CEREAL_REGISTER_ARCHIVE(freethreading::detail::InputArchive)
CEREAL_SETUP_ARCHIVE_TRAITS(freethreading::detail::InputArchive,
                            freethreading::detail::OutputArchive)
