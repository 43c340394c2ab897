/// \file
/// What crosses to another worker: values, handles, exceptions and calls, read from hostile bytes and round trip.
///
/// The first byte chooses a type, the second what to do with it:
///
///     even: the rest are the bytes of a value. Either they are refused by a ValueError, or the value that they make
///           is written and read again as the same.
///     odd:  the rest chooses a value. It is read as it was written; cut short anywhere it is refused; with bits
///           flipped it is refused or it is another value.
///
/// How much memory bytes may make somebody allocate is bounded by -malloc_limit_mb.
///
/// Longer than 400 lines: every kind of portable type has a sample here and a way to make one from bytes.

#include <array>
#include <bitset>
#include <cereal/types/memory.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>
#include <chrono>
#include <complex>
#include <cstdint>
#include <deque>
#include <exception>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <system_error>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "freethreading/freethreading.hpp"
#include "freethreading/portable_call.hpp"
#include "freethreading/portable_exception.hpp"
#include "fuzz/byte_source.hpp"
#include "fuzz/require.hpp"

namespace {

namespace ft = freethreading;
using fuzz::ByteSource;
using fuzz::require;

enum class Colour : std::uint8_t { red, green, blue };

/// An aggregate that is bytes, with a bool that not every byte is.
struct Flags {
    std::int32_t number = 0;
    bool raised = false;
    std::array<bool, 3> more{};
    friend bool operator==(const Flags&, const Flags&) = default;
};

struct Job {
    std::string name;
    std::vector<std::int16_t> samples;
    std::optional<Flags> flags;
    friend bool operator==(const Job&, const Job&) = default;
};

/// Contains others of its own kind.
struct Tree {
    std::uint8_t label = 0;
    std::vector<Tree> children;
    friend bool operator==(const Tree&, const Tree&) = default;
};

struct Nothing {
    friend bool operator==(const Nothing&, const Nothing&) = default;
};

/// Says itself how it is serialized, through cereal's own functions for pointers.
struct Chain {
    std::string name;
    std::vector<std::vector<std::uint16_t>> rows;
    std::unique_ptr<Chain> next;
    template <class Archive>
    void serialize(Archive& archive) {
        archive(name, rows, next);
    }
    friend bool operator==(const Chain& left, const Chain& right) {
        if (left.name != right.name || left.rows != right.rows) return false;
        if (!left.next || !right.next) return !left.next && !right.next;
        return *left.next == *right.next;
    }
};

/// Refuses some of what it reads, and what it writes.
struct Even {
    std::uint32_t number = 0;
    template <class Archive>
    void save(Archive& archive) const {
        if (number % 8 == 1) throw ft::RuntimeError("odd");
        if (number % 8 == 3) throw std::bad_alloc();
        if (number % 2 != 0) throw std::domain_error("odd");
        archive(number);
    }
    template <class Archive>
    void load(Archive& archive) {
        archive(number);
        if (number % 8 == 7) throw cereal::Exception("odd");
        if (number % 2 != 0) throw ft::ValueError("odd");
    }
    friend bool operator==(const Even&, const Even&) = default;
};

class OwnError : public std::runtime_error, public ft::PortableException<OwnError> {
    using std::runtime_error::runtime_error;
};

/// Promises what it does not keep: its message changes when it is rebuilt, or it cannot be.
class UnfaithfulError : public std::runtime_error, public ft::PortableException<UnfaithfulError> {
  public:
    explicit UnfaithfulError(const std::string& message) : std::runtime_error("so: " + message) {
        if (message.size() > 40) throw std::length_error("too long");
    }
};

/// An error of the library's kind that the standard library does not know.
class BareError : public ft::Error {
  public:
    [[nodiscard]] const char* message() const noexcept override { return "bare"; }
};

/// Objects that travel beside the bytes. An index beyond them, and one of an object of another kind, is refused.
const std::vector<std::shared_ptr<ft::platform::Object>>& objects() {
    static const auto* const made = [] {
        ft::PortableOutput output;
        ft::encode(output, ft::Lock());
        ft::encode(output, ft::Queue<int>());
        ft::encode(output, ft::Event());
        ft::encode(output, ft::Condition(ft::RLock()));
        const auto references = output.references();
        return new std::vector<std::shared_ptr<ft::platform::Object>>(references.begin(),
                                                                      references.end());
    }();
    return *made;
}

template <class T>
void choose(ByteSource& source, T& value);

template <class... T, std::size_t... I>
void choose_alternative(ByteSource& source, std::variant<T...>& value, std::index_sequence<I...>) {
    const std::size_t index =
        static_cast<std::size_t>(source.below(static_cast<int>(sizeof...(T))));
    ((I == index ? choose(source, value.template emplace<I>()) : void()), ...);
}

template <class T>
concept Serialized = requires(T& value) { value.push_back(value.front()); };
template <class T>
concept Associative = requires { typename T::key_type; };

/// Any value of the type, within reason.
template <class T>
void choose(ByteSource& source, T& value) {
    if constexpr (std::is_same_v<T, bool>) {
        value = source.flag();
    } else if constexpr (std::is_arithmetic_v<T>) {
        value = source.number<T>();
    } else if constexpr (std::is_same_v<T, Colour>) {
        value = static_cast<Colour>(source.below(3));
    } else if constexpr (std::is_same_v<T, std::string>) {
        value = source.text(40);
    } else if constexpr (std::is_same_v<T, Flags>) {
        value = {source.number<std::int32_t>(),
                 source.flag(),
                 {source.flag(), source.flag(), source.flag()}};
    } else if constexpr (std::is_same_v<T, Job>) {
        choose(source, value.name);
        choose(source, value.samples);
        choose(source, value.flags);
    } else if constexpr (std::is_same_v<T, Tree>) {
        value.label = source.byte();
        value.children.resize(source.is_empty() ? 0 : static_cast<std::size_t>(source.below(3)));
        for (Tree& child : value.children)
            choose(source, child);
    } else if constexpr (std::is_same_v<T, Chain>) {
        choose(source, value.name);
        choose(source, value.rows);
        if (source.flag()) choose(source, *(value.next = std::make_unique<Chain>()));
    } else if constexpr (std::is_same_v<T, Even>) {
        value.number = source.number<std::uint32_t>();
    } else if constexpr (std::is_same_v<T, std::bitset<70>>) {
        value = std::bitset<70>(source.number<std::uint64_t>())
                << static_cast<std::size_t>(source.below(7));
    } else if constexpr (requires { typename T::duration; }) {
        value = T(typename T::duration(source.number<std::int64_t>()));
    } else if constexpr (requires { typename T::period; }) {
        value = T(source.number<std::int64_t>());
    } else if constexpr (std::is_same_v<T, std::complex<float>>) {
        value = {source.number<float>(), source.number<float>()};
    } else if constexpr (requires { value.has_value(); }) {
        value.reset();
        if (source.flag()) choose(source, value.emplace());
    } else if constexpr (requires { std::variant_size<T>::value; }) {
        choose_alternative(source, value, std::make_index_sequence<std::variant_size_v<T>>());
    } else if constexpr (Associative<T>) {
        for (int more = source.below(6); more > 0; --more) {
            std::remove_const_t<typename T::key_type> key{};
            choose(source, key);
            if constexpr (requires { typename T::mapped_type; }) {
                typename T::mapped_type mapped{};
                choose(source, mapped);
                value.emplace(std::move(key), std::move(mapped));
            } else {
                value.insert(std::move(key));
            }
        }
    } else if constexpr (Serialized<T>) {
        for (int more = source.below(6); more > 0; --more) {
            typename T::value_type element{};
            choose(source, element);
            value.push_back(std::move(element));
        }
    } else if constexpr (requires { std::tuple_size<T>::value; }) {
        std::apply([&](auto&... parts) { (choose(source, parts), ...); }, value);
    } else {
        static_assert(std::is_empty_v<T> || std::is_null_pointer_v<T>,
                      "a type that nobody has thought of");
    }
}

std::span<const std::byte> as_bytes(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

template <class T>
inline constexpr bool are_handles = ft::PortableHandle<T>;
template <class T>
inline constexpr bool are_handles<std::vector<T>> = ft::PortableHandle<T>;

/// Of a value that was read: written and read again it is the same, and as many bytes as were said.
template <class T>
void survives(const T& value) {
    ft::PortableOutput output;
    ft::encode(output, value);
    require(!output.bytes().empty(), "a value of no bytes");
    ft::PortableInput input(output);
    const T again = ft::decode<T>(input);
    require(input.remaining() == 0, "a value is read from fewer bytes than were written");
    ft::PortableOutput other;
    ft::encode(other, again);
    require(std::ranges::equal(output.references(), other.references()),
            "a handle is read as another than was written");
    bool is_equal = std::ranges::equal(output.bytes(), other.bytes());
    // A container without an order may have another one; numbers that are none equal nothing.
    if constexpr (std::equality_comparable<T> && !are_handles<T>)
        is_equal = is_equal || again == value;
    require(is_equal, "a value is read as another than was written");
}

/// The value, or nothing if the bytes were refused as they are to be.
template <class T>
std::optional<T> read(std::span<const std::byte> bytes) {
    ft::PortableInput input(bytes, objects());
    try {
        return ft::decode<T>(input);
    } catch (const ft::ValueError& error) {
        require(!std::string_view(error.what()).empty(), "a refusal that says nothing");
        return std::nullopt;
    }
}

template <class T>
void read_hostile(ByteSource& source) {
    const auto value = read<T>(as_bytes(source.rest()));
    if (value) survives(*value);
}

/// Cut short it is refused; with a bit flipped it is a value or refused.
template <class T>
void damage(ByteSource& source, const ft::PortableOutput& output) {
    const auto bytes = output.bytes();
    const std::size_t cut = source.number<std::uint16_t>() % bytes.size();
    require(!read<T>(bytes.first(cut)), "a value that was cut short is read");
    std::vector<std::byte> flipped(bytes.begin(), bytes.end());
    flipped[source.number<std::uint16_t>() % flipped.size()] ^= std::byte(1 << source.below(8));
    if (const auto value = read<T>(flipped)) survives(*value);
}

/// What was written since is forgotten, and nothing else.
template <class T>
void returns(ft::PortableOutput& output, const T& value) {
    const std::vector<std::byte> before(output.bytes().begin(), output.bytes().end());
    const std::size_t references = output.references().size();
    const auto mark = output.begin_part();
    ft::encode(output, value);
    output.return_to(mark);
    require(std::ranges::equal(output.bytes(), before) && output.references().size() == references,
            "an output that returns to a mark is another");
}

template <class T>
void round_trip(ByteSource& source) {
    T value{};
    choose(source, value);
    ft::PortableOutput output;
    try {
        ft::encode(output, value);
    } catch (const ft::ValueError&) {  // nested too deep, or refused by the type itself
        return;
    } catch (const ft::RuntimeError&) {  // the type's own, which passes as it is
        return;
    } catch (const std::bad_alloc&) {
        return;
    }
    survives(value);
    returns(output, value);
    damage<T>(source, output);
}

template <class T>
void value_of(ByteSource& source) {
    source.flag() ? round_trip<T>(source) : read_hostile<T>(source);
}

/// Of trees that are a chain, those that are nested too deeply are refused.
void deep_tree(ByteSource& source) {
    const std::uint32_t depth =
        1 + source.number<std::uint16_t>() % (2 * ft::detail::Nesting::limit);
    Tree tree;
    for (std::uint32_t i = 1; i < depth; ++i) {
        std::vector<Tree> child;
        child.push_back(std::move(tree));
        tree = {.label = static_cast<std::uint8_t>(i), .children = std::move(child)};
    }
    bool is_refused = false;
    try {
        survives(tree);
    } catch (const ft::ValueError&) {
        is_refused = true;
    }
    require(is_refused == (depth > ft::detail::Nesting::limit),
            "a tree is refused that is not too deep, or the other way round");
}

/// Of handles the bytes are an index, and what it refers to decides the type.
template <class T>
void handle_of(ByteSource& source) {
    static const T original;
    if (!source.flag()) return read_hostile<T>(source);
    ft::PortableOutput output;
    ft::encode(output, std::vector<T>(static_cast<std::size_t>(source.below(4)), original));
    ft::PortableInput input(output);
    const auto again = ft::decode<std::vector<T>>(input);
    require(input.remaining() == 0, "handles are read from fewer bytes than were written");
    damage<std::vector<T>>(source, output);
}

std::exception_ptr chosen_exception(ByteSource& source) {
    const int kind = source.below(16);
    const std::string text = source.text(60);
    switch (kind) {
        case 0:
            return nullptr;
        case 1:
            return std::make_exception_ptr(ft::ValueError(text));
        case 2:
            return std::make_exception_ptr(ft::Empty(text));
        case 3:
            return std::make_exception_ptr(ft::BrokenBarrierError(text));
        case 4:
            return std::make_exception_ptr(std::out_of_range(text));
        case 5:
            return std::make_exception_ptr(std::bad_alloc());
        case 6:
            return std::make_exception_ptr(OwnError(text));
        case 7:
            return std::make_exception_ptr(UnfaithfulError(text.substr(0, 40)));
        case 8:
            return std::make_exception_ptr(
                std::system_error(source.number<std::int32_t>(), std::generic_category(), text));
        case 9:
            return std::make_exception_ptr(
                std::system_error(source.number<std::int32_t>(), std::system_category()));
        case 10:
            return std::make_exception_ptr(std::future_error(std::future_errc::no_state));
        case 11:
            return std::make_exception_ptr(text);
        case 12:
            return std::make_exception_ptr("a text");
        case 13:
            return std::make_exception_ptr(2.5);
        case 14:
            return std::make_exception_ptr(BareError());
        default:
            return std::make_exception_ptr(source.number<std::int32_t>());
    }
}

/// An exception that was rebuilt is, from then on, what it is: class and message stay.
void keeps_its_description(const std::exception_ptr& exception) {
    ft::PortableOutput output;
    ft::encode_exception(output, exception);
    ft::PortableInput input(output);
    const auto again = ft::decode_exception(input);
    require(input.remaining() == 0, "an exception is read from fewer bytes than were written");
    require(ft::describe_exception(again) == ft::describe_exception(exception),
            "an exception arrives with another class or message");
}

std::optional<std::exception_ptr> read_exception(std::span<const std::byte> bytes) {
    ft::PortableInput input(bytes);
    try {
        return ft::decode_exception(input);
    } catch (const ft::ValueError&) {
        return std::nullopt;
    }
}

void exception(ByteSource& source) {
    if (!source.flag()) {
        if (const auto read = read_exception(as_bytes(source.rest()))) keeps_its_description(*read);
        return;
    }
    const auto original = chosen_exception(source);
    ft::PortableOutput output;
    ft::encode_exception(output, original);
    ft::PortableInput input(output);
    keeps_its_description(ft::decode_exception(input));
    const std::size_t cut = source.number<std::uint16_t>() % output.bytes().size();
    require(!read_exception(output.bytes().first(cut)), "an exception that was cut short is read");
}

/// The name of a class that is known, with a message that it did not make.
void exception_of_known_class(ByteSource& source) {
    const std::type_info* const known[] = {
        &typeid(std::bad_alloc), &typeid(std::bad_cast),     &typeid(std::bad_function_call),
        &typeid(std::exception), &typeid(std::out_of_range), &typeid(ft::ValueError),
        &typeid(ft::Full),       &typeid(OwnError),          &typeid(UnfaithfulError)};
    ft::PortableOutput output;
    ft::encode(output,
               std::string(known[source.below(static_cast<int>(std::size(known)))]->name()));
    ft::encode(output, source.number<std::uintptr_t>());
    ft::encode(output, source.text(60));
    ft::PortableInput input(output);
    keeps_its_description(ft::decode_exception(input));
}

constexpr auto repeat_text = [](const std::string& text, std::uint8_t times) {
    std::string result;
    for (int i = 0; i < times % 8; ++i)
        result += text;
    return result;
};

int count_lines(const std::vector<std::string>& lines) {
    return static_cast<int>(lines.size());
}

/// Reads a call with such arguments and makes it. The target is no data: a function object is nothing, and of the
/// address of a function nobody can tell by its bytes whether it is one. (Workers ask in which module it lies.)
void call(ByteSource& source) {
    ft::PortableOutput encoded;
    const std::string text = source.text(20);
    const std::uint8_t times = source.byte();
    const ft::Invoker invoke = ft::encode_call(encoded, repeat_text, text, times);
    ft::PortableOutput result;
    ft::PortableInput input(encoded);
    invoke(input, &result);
    ft::PortableInput answer(result);
    require(ft::decode<std::string>(answer) == repeat_text(text, times),
            "a call returned something else");

    ft::PortableInput hostile(as_bytes(source.rest()));
    try {
        invoke(hostile, nullptr);
    } catch (const ft::ValueError&) {
    }
    ft::PortableOutput of_function;
    const ft::Invoker count = ft::encode_call(of_function, count_lines, std::vector{text, text});
    ft::PortableInput of_count(of_function);
    result.clear();
    count(of_count, &result);
    ft::PortableInput counted(result);
    require(ft::decode<int>(counted) == 2, "a call of a function returned something else");
}

using Door = void (*)(ByteSource&);
constexpr Door doors[] = {
    value_of<int>,
    value_of<bool>,
    value_of<double>,
    value_of<Colour>,
    value_of<std::string>,
    value_of<std::vector<std::uint16_t>>,
    value_of<std::vector<bool>>,
    value_of<std::vector<Flags>>,
    value_of<std::vector<std::string>>,
    value_of<std::deque<std::list<std::uint8_t>>>,
    value_of<std::map<std::string, std::vector<int>>>,
    value_of<std::multimap<std::uint8_t, std::string>>,
    value_of<std::unordered_map<std::uint8_t, std::string>>,
    value_of<std::set<std::string>>,
    value_of<std::unordered_multiset<std::uint8_t>>,
    value_of<std::optional<std::string>>,
    value_of<std::variant<std::monostate, int, std::string, std::vector<bool>>>,
    value_of<std::tuple<int, std::string, std::pair<bool, std::nullptr_t>>>,
    value_of<std::tuple<>>,
    value_of<std::array<std::string, 3>>,
    value_of<std::array<std::string, 0>>,
    value_of<std::bitset<70>>,
    value_of<std::complex<float>>,
    value_of<std::chrono::nanoseconds>,
    value_of<std::chrono::system_clock::time_point>,
    value_of<std::vector<std::monostate>>,
    value_of<Nothing>,
    value_of<Flags>,
    value_of<Job>,
    value_of<Tree>,
    value_of<Chain>,
    value_of<Even>,
    handle_of<ft::Lock>,
    handle_of<ft::RLock>,
    handle_of<ft::Queue<int>>,
    handle_of<ft::Event>,
    handle_of<ft::Condition>,
    handle_of<ft::Semaphore>,
    handle_of<ft::SimpleQueue<std::string>>,
    exception,
    call,
    deep_tree,
    exception_of_known_class,
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    ByteSource source(data, size);
    doors[source.below(static_cast<int>(std::size(doors)))](source);
    return 0;
}
