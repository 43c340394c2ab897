#pragma once
/// \file
/// What may cross to another worker: the concept Portable, and the copying itself.
///
///     struct Job {                      // an aggregate of portable members: nothing to do
///         std::string name;
///         std::vector<double> samples;
///         freethreading::Lock lock;     // a handle arrives as a handle to the same lock
///     };
///     static_assert(freethreading::Portable<Job>);
///     static_assert(!freethreading::Portable<const char*>);
///
/// Portable are: numbers, enums, `bool`, `std::byte`, `std::monostate`, `std::nullptr_t`,
/// std::complex, std::bitset, durations and time points; strings; the standard containers,
/// std::array, std::pair, std::tuple, std::optional and std::variant of portable types; handles
/// (Lock, Queue, ...); aggregates of up to 16 portable members without bases, references and const
/// members; types for which cereal finds serialization functions; types that opt in by
/// `copied_as_bytes`. Not portable are pointers, references, views, functions with state, smart
/// pointers, workers, pools, futures.
///
/// What is given to a worker, task or queue is copied at the call, on both backends: later changes
/// on either side are not seen by the other. Fulfils GEN-10, GEN-16, GEN-17, QUEUE-17, QUEUE-18.

#include <algorithm>
#include <cstring>
#include <iterator>
#include <new>
#include <ranges>
#include <string_view>

#include "freethreading/error.hpp"
#include "freethreading/portable_traits.hpp"

namespace freethreading {

template <class T>
concept Portable = detail::is_portable<T>();

/// A portable type whose copy is a plain copy of its bytes, without references to shared objects.
template <class T>
concept PortableBytes = Portable<T> && detail::is_bytes<T>();

/// What an argument of type `T` becomes on its way: the plain type, and std::string for C strings.
template <class T>
using Stored = std::conditional_t<std::is_same_v<std::decay_t<T>, const char*> ||
                                      std::is_same_v<std::decay_t<T>, char*>,
                                  std::string, std::decay_t<T>>;

/// Fails to compile unless `T` is portable, and says what to do about it: about the very part of it
/// that is not, where it is composed.
template <class T>
consteval void require_portable() {
    if constexpr (Portable<T>) {
        return;
    } else if constexpr (std::is_pointer_v<T> || std::is_array_v<T>) {
        static_assert(Portable<T>,
                      "a pointer cannot go to another worker: pass std::string instead of "
                      "const char*, the value itself or std::vector instead of other pointers");
    } else if constexpr (detail::is_smart_pointer<T>) {
        static_assert(Portable<T>, "a smart pointer cannot go to another worker: pass the object");
    } else if constexpr (std::ranges::view<T>) {
        static_assert(Portable<T>,
                      "a view cannot go to another worker: pass std::string instead of "
                      "std::string_view, std::vector instead of std::span");
    } else if constexpr (detail::Composed<T>) {
        []<class... P>(detail::Types<P...>) {
            (require_portable<P>(), ...);
        }(typename detail::Composition<T>::Parts());
    } else if constexpr (detail::is_record<T>()) {
        []<class... M>(detail::Types<M...>) {
            (require_portable<M>(), ...);
        }(detail::MemberTypes<T>());
    } else {
        static_assert(Portable<T>,
                      "this type cannot go to another worker: give it a serialize function for "
                      "cereal, or make it an aggregate of up to 16 portable members");
    }
}

namespace detail {

template <class T>
concept Boolean = std::is_same_v<T, bool> || std::is_same_v<std::underlying_type_t<T>, bool>;

/// Whether the bytes at `value` make one: no `bool` in it is anything but 0 or 1.
template <class T>
bool is_valid(const T& value) {
    if constexpr (std::is_array_v<T> || Array<T>) {
        return std::ranges::all_of(value, [](const auto& element) { return is_valid(element); });
    } else if constexpr (Boolean<T>) {
        unsigned char byte = 0;
        std::memcpy(&byte, &value, 1);
        return byte <= 1;
    } else if constexpr (IsNumber<T>::value || copied_as_bytes<T>) {
        return true;
    } else {
        return members(value, [](const auto&... member) { return (is_valid(member) && ...); });
    }
}

/// Containers whose elements lie side by side and are bytes: one copy for all of them.
template <class T>
concept Contiguous =
    Container<T> && std::ranges::contiguous_range<T> && is_bytes<typename T::value_type>() &&
    std::default_initializable<typename T::value_type>;

template <class T>
T decode_bytes(PortableInput& input) {
    alignas(T) std::byte storage[sizeof(T)];
    input.read(storage, sizeof storage);
    const T& value = *std::launder(reinterpret_cast<const T*>(storage));
    if (!is_valid(value)) PortableInput::reject("a bool that is neither true nor false");
    return value;
}

template <Contiguous T>
void append_bytes(T& container, PortableInput& input) {
    using Element = typename T::value_type;
    const auto before = container.size();
    const auto more = input.read_size(sizeof(Element));
    container.resize(before + more);
    input.read(container.data() + before, more * sizeof(Element));
    if (!std::ranges::all_of(container.data() + before, container.data() + before + more,
                             [](const Element& element) { return is_valid(element); })) {
        PortableInput::reject("a bool that is neither true nor false");
    }
}

template <class T>
T decode_container(PortableInput& input) {
    using Element = typename T::value_type;
    const auto nesting = input.nest();
    T result;
    if constexpr (Contiguous<T>) {
        append_bytes(result, input);
    } else {
        const auto size = input.read_size(1);
        if constexpr (requires { result.reserve(size); }) {
            result.reserve(std::min(size, input.remaining() / sizeof(Element)));
        }
        for (std::size_t index = 0; index < size; ++index) {
            if constexpr (requires { typename T::mapped_type; }) {
                auto key = decode<typename T::key_type>(input);
                result.emplace_hint(result.end(), std::move(key),
                                    decode<typename T::mapped_type>(input));
            } else if constexpr (requires { result.push_back(decode<Element>(input)); }) {
                result.push_back(decode<Element>(input));
            } else {
                result.emplace_hint(result.end(), decode<Element>(input));
            }
        }
    }
    return result;
}

template <class T, std::size_t Size>
std::array<T, Size> decode_array(PortableInput& input) {
    if constexpr (std::default_initializable<T>) {
        std::array<T, Size> result{};
        for (auto& element : result)
            element = decode<T>(input);
        return result;
    } else {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return std::array<T, Size>{{((void)I, decode<T>(input))...}};
        }(std::make_index_sequence<Size>());
    }
}

template <class T>
T decode_variant(PortableInput& input) {
    using Decode = T (*)(PortableInput&);
    static constexpr auto alternatives = []<std::size_t... I>(std::index_sequence<I...>) {
        return std::array<Decode, sizeof...(I)>{[](PortableInput& in) {
            return T(std::in_place_index<I>, decode<std::variant_alternative_t<I, T>>(in));
        }...};
    }(std::make_index_sequence<std::variant_size_v<T>>());
    const auto index = input.read_byte();
    if (index >= alternatives.size()) PortableInput::reject("no such alternative of a variant");
    return alternatives[index](input);
}

template <class... T>
void encode_all(PortableOutput& output, const T&... values) {
    if constexpr (sizeof...(T) == 0) output.write_byte(0);
    (encode(output, values), ...);
}

/// `T{first, second, ...}` of the given types, in their order.
template <class T, class... M>
T decode_all(PortableInput& input, Types<M...>) {
    if constexpr (sizeof...(M) == 0) (void)input.read_byte();
    return T{decode<M>(input)...};
}

}  // namespace detail

/// Appends `value`, at least one byte. Throws ValueError if its own serialization function fails,
/// if a variant has no value, or if containers are nested more than 500 deep; a part of the value
/// may then have been written. Fulfils QUEUE-19.
template <class T>
void encode(PortableOutput& output, const T& value) {
    require_portable<T>();
    if constexpr (detail::is_unit<T>) {
        output.write_byte(0);
    } else if constexpr (detail::is_bytes<T>()) {
        output.write(&value, sizeof value);
    } else if constexpr (detail::IsBitset<T>::value) {
        encode(output, value.to_string());
    } else if constexpr (PortableHandle<T>) {
        value.save(output);
    } else if constexpr (detail::Container<T>) {
        const auto nesting = output.nest();
        output.write_size(value.size());
        if constexpr (detail::Contiguous<T>) {
            output.write(value.data(), value.size() * sizeof(typename T::value_type));
        } else {
            for (const auto& element : value)
                encode(output, element);
        }
    } else if constexpr (detail::Array<T>) {
        detail::encode_all(output);  // so that an array of nothing takes a byte
        for (const auto& element : value)
            encode(output, element);
    } else if constexpr (detail::Optional<T>) {
        output.write_byte(value.has_value());
        if (value) encode(output, *value);
    } else if constexpr (detail::Variant<T>) {
        static_assert(std::variant_size_v<T> <= 256,
                      "a portable variant has at most 256 alternatives");
        if (value.valueless_by_exception())
            throw ValueError("a variant without a value cannot go to another worker");
        output.write_byte(static_cast<std::uint8_t>(value.index()));
        std::visit([&](const auto& alternative) { encode(output, alternative); }, value);
    } else if constexpr (detail::Composed<T>) {
        std::apply([&](const auto&... parts) { detail::encode_all(output, parts...); }, value);
    } else if constexpr (detail::serializes_itself<T>()) {
        const auto nesting = output.nest();
        try {
            detail::OutputArchive archive(output);
            archive(value);
        } catch (...) {
            detail::reject_serialization(typeid(T));
        }
    } else if constexpr (detail::is_record<T>()) {
        detail::members(value, [&](const auto&... parts) { detail::encode_all(output, parts...); });
    }
}

/// The same, but the elements of a large container of plain bytes stay where they are: `value` has to
/// live, unchanged, until the output has been copied.
template <class T>
void encode_in_place(PortableOutput& output, const T& value) {
    if constexpr (detail::Contiguous<T>) {
        require_portable<T>();
        output.write_size(value.size());
        output.borrow(value.data(), value.size() * sizeof(typename T::value_type));
    } else {
        encode(output, value);
    }
}

/// Reads the value that `encode` wrote. Throws ValueError if the bytes hold none, and whatever the
/// type's own serialization function throws. Fulfils QUEUE-20.
template <class T>
T decode(PortableInput& input) {
    require_portable<T>();
    if constexpr (detail::is_unit<T>) {
        (void)input.read_byte();
        return T();
    } else if constexpr (detail::is_bytes<T>()) {
        return detail::decode_bytes<T>(input);
    } else if constexpr (detail::IsBitset<T>::value) {
        const auto digits = decode<std::string>(input);
        if (digits.size() != T().size() || digits.find_first_not_of("01") != std::string::npos) {
            PortableInput::reject("not the digits of a std::bitset");
        }
        return T(digits);
    } else if constexpr (PortableHandle<T>) {
        return T(input);
    } else if constexpr (detail::Container<T>) {
        return detail::decode_container<T>(input);
    } else if constexpr (detail::Array<T>) {
        (void)input.read_byte();
        return detail::decode_array<typename T::value_type, std::tuple_size_v<T>>(input);
    } else if constexpr (detail::Optional<T>) {
        const auto has_value = decode<bool>(input);
        return has_value ? T(decode<typename T::value_type>(input)) : T();
    } else if constexpr (detail::Variant<T>) {
        return detail::decode_variant<T>(input);
    } else if constexpr (detail::Composed<T>) {
        return detail::decode_all<T>(input, typename detail::Composition<T>::Parts());
    } else if constexpr (detail::serializes_itself<T>()) {
        const auto nesting = input.nest();
        T value{};
        try {
            detail::InputArchive archive(input);
            archive(value);
        } catch (const cereal::Exception& exception) {
            PortableInput::reject(exception.what());
        }
        return value;
    } else if constexpr (detail::is_record<T>()) {
        return detail::decode_all<T>(input, detail::MemberTypes<T>());
    }
}

/// Reads the container that `encode` wrote, and appends its elements to one of the same type that grows
/// at its end. Throws as `decode` does; some elements may then have been appended.
template <detail::Container T>
void decode_onto(T& container, PortableInput& input) {
    if constexpr (detail::Contiguous<T>) {
        detail::append_bytes(container, input);
    } else {
        auto more = decode<T>(input);
        container.insert(container.end(), std::make_move_iterator(more.begin()),
                         std::make_move_iterator(more.end()));
    }
}

}  // namespace freethreading
