// Longer than other files: every kind of portable type, and every kind that is none.

#include "freethreading/portable.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <any>
#include <atomic>
#include <cereal/types/base_class.hpp>
#include <cereal/types/memory.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "freethreading/error.hpp"
#include "freethreading/platform/object.hpp"

namespace app {

/// What Lock, Queue and the like look like to the code under test. Not default constructible.
class Handle {
  public:
    explicit Handle(std::shared_ptr<freethreading::platform::Object> object)
        : object_(std::move(object)) {}
    explicit Handle(freethreading::PortableInput& input) : object_(input.reference()) {}
    void save(freethreading::PortableOutput& output) const { output.reference(object_); }
    friend bool operator==(const Handle&, const Handle&) = default;
    friend auto operator<=>(const Handle& a, const Handle& b) { return a.object_ <=> b.object_; }

  private:
    std::shared_ptr<freethreading::platform::Object> object_;
};

Handle make_handle() {
    return Handle(std::make_shared<freethreading::platform::Object>());
}

enum class Color : std::uint8_t { red, green };
enum Plain { one, two };
enum class Flag : bool { off, on };

struct Nothing {
    friend bool operator==(const Nothing&, const Nothing&) = default;
};
struct Point {
    int x;
    double y;
    friend bool operator==(const Point&, const Point&) = default;
};
struct Message {
    char text[16];
    Point points[2][2];
    std::array<bool, 3> flags;
    bool last;
    friend bool operator==(const Message&, const Message&) = default;
};
struct Job {
    std::string name;
    std::vector<Point> samples;
    Handle lock;
    std::optional<Handle> other;
    Nothing nothing;
    friend bool operator==(const Job&, const Job&) = default;
};
struct Tree {
    int value = 0;
    std::vector<Tree> children;
    friend bool operator==(const Tree&, const Tree&) = default;
};
struct Sixteen {
    int a, b, c, d, e, f, g, h, i, j, k, l, m, n, o;
    std::string p;
    friend bool operator==(const Sixteen&, const Sixteen&) = default;
};

// Types that opt in.
class Opaque {
  public:
    explicit Opaque(int value) : value_(value) {}
    friend bool operator==(const Opaque&, const Opaque&) = default;

  private:
    int value_;
};
struct Bits {
    unsigned low : 3;
    unsigned high : 29;
};

// Types that say how they serialize, in each of cereal's ways.
class Member {
  public:
    Member() = default;
    Member(std::string name, std::vector<int> numbers, bool flag)
        : name_(std::move(name)), numbers_(std::move(numbers)), flag_(flag) {}
    template <class Archive>
    void serialize(Archive& archive) {
        archive(CEREAL_NVP(name_), numbers_);
        archive & flag_;
    }
    friend bool operator==(const Member&, const Member&) = default;

  private:
    std::string name_;
    std::vector<int> numbers_;
    bool flag_ = false;
};
class Split : public Member {
  public:
    Split() = default;
    Split(Member base, Handle handle)
        : Member(std::move(base)), handles_{handle, handle}, owned_(std::make_shared<int>(7)) {}
    template <class Archive>
    void save(Archive& archive) const {
        archive(cereal::base_class<Member>(this), handles_, owned_, std::uint16_t{9});
        archive(cereal::binary_data(raw_, sizeof raw_));
    }
    template <class Archive>
    void load(Archive& archive) {
        std::uint16_t nine = 0;
        archive(cereal::base_class<Member>(this), handles_, owned_, nine);
        archive(cereal::binary_data(raw_, sizeof raw_));
        if (nine != 9) throw std::out_of_range("not nine");
    }
    friend bool operator==(const Split& a, const Split& b) {
        return static_cast<const Member&>(a) == static_cast<const Member&>(b) &&
               a.handles_ == b.handles_ && *a.owned_ == *b.owned_;
    }

  private:
    std::vector<Handle> handles_;
    std::shared_ptr<int> owned_;
    char raw_[3] = {'r', 'a', 'w'};
};
struct Free {
    std::string text;
    int version = 0;
    Free() = default;
    explicit Free(std::string string) : text(std::move(string)) {}
    friend bool operator==(const Free& a, const Free& b) { return a.text == b.text; }
};
template <class Archive>
void serialize(Archive& archive, Free& value, const std::uint32_t version) {
    archive(value.text);
    value.version = static_cast<int>(version);
}
class Minimal {
  public:
    Minimal() = default;
    explicit Minimal(std::string text) : text_(std::move(text)) {}
    template <class Archive>
    std::string save_minimal(const Archive&) const {
        return text_;
    }
    template <class Archive>
    void load_minimal(const Archive&, const std::string& text) {
        text_ = text;
    }
    friend bool operator==(const Minimal&, const Minimal&) = default;

  private:
    std::string text_;
};
class Empty {
  public:
    Empty() {}
    template <class Archive>
    void serialize(Archive&) {}
    friend bool operator==(const Empty&, const Empty&) = default;
};
struct Chain {
    std::unique_ptr<Chain> next;
    template <class Archive>
    void serialize(Archive& archive) {
        archive(next);
    }
};
class Owners {  // elements that only cereal can copy, in a container that it copies
  public:
    Owners() = default;
    explicit Owners(std::size_t count) {
        const auto shared = std::make_shared<Empty>();
        for (std::size_t i = 0; i < count; ++i)
            owners_.push_back(shared);
    }
    template <class Archive>
    void serialize(Archive& archive) {
        archive(owners_);
    }
    [[nodiscard]] const std::vector<std::shared_ptr<Empty>>& owners() const { return owners_; }

  private:
    std::vector<std::shared_ptr<Empty>> owners_;
};
class FailsToSave {
  public:
    FailsToSave() {}
    template <class Archive>
    void save(Archive&) const {
        throw std::domain_error("it is secret");
    }
    template <class Archive>
    void load(Archive&) {}
};
class FailsToLoad {
  public:
    FailsToLoad() {}
    template <class Archive>
    void save(Archive&) const {}
    template <class Archive>
    void load(Archive&) {
        throw std::domain_error("it is broken");
    }
};

// Types that are not portable.
struct WithPointer {
    int number;
    const char* text;
};
struct WithFunction {
    void (*function)();
};
struct WithReference {
    const std::string& text;
};
struct WithConst {
    const int number;
};
struct WithBase : Point {
    std::string text;
};
struct Seventeen {
    int a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q;
};
struct TextAndArray {  // not bytes, and a C array cannot be made from its elements
    std::string text;
    int array[3];
};
union Either {
    int number;
    float other;
};
class Private {
  public:
    explicit Private(int number) : number_(number) {}

  private:
    int number_;
};
class NoDefault {
  public:
    explicit NoDefault(int) {}
    template <class Archive>
    void serialize(Archive&) {}
};
struct FunctionOrder {
    bool operator()(int a, int b) const { return compare(a, b); }
    bool (*compare)(int, int) = nullptr;
};

}  // namespace app

CEREAL_CLASS_VERSION(app::Free, 5)
CEREAL_SPECIALIZE_FOR_ALL_ARCHIVES(app::Split, cereal::specialization::member_load_save)
template <>
inline constexpr bool freethreading::copied_as_bytes<app::Opaque> = true;
template <>
inline constexpr bool freethreading::copied_as_bytes<app::Bits> = true;
template <>
inline constexpr bool freethreading::copied_as_bytes<std::string> =
    true;  // no use: it is not bytes

namespace freethreading {
namespace {

using app::Handle;

// GEN-10, GEN-17: what is portable, and what is not.
template <class... T>
constexpr bool all_portable = (Portable<T> && ...);
template <class... T>
constexpr bool none_portable = !(Portable<T> || ...);

static_assert(all_portable<bool, char, char8_t, wchar_t, int, unsigned long long, float, double,
                           long double, std::byte, std::nullptr_t, std::monostate, app::Color,
                           app::Plain, app::Flag, std::complex<double>, std::bitset<70>>);
static_assert(
    all_portable<std::chrono::hours, std::chrono::duration<double>,
                 std::chrono::system_clock::time_point, std::chrono::steady_clock::time_point>);
static_assert(all_portable<std::string, std::u16string, std::vector<bool>, std::deque<std::string>,
                           std::list<int>, std::set<std::string>, std::multiset<int>,
                           std::map<std::string, std::vector<int>>, std::multimap<int, int>,
                           std::unordered_set<int>, std::unordered_multiset<std::string>,
                           std::unordered_map<int, std::string>, std::unordered_multimap<int, int>,
                           std::map<int, int, std::greater<>>>);
static_assert(all_portable<std::tuple<>, std::tuple<int, std::string>, std::pair<int, Handle>,
                           std::optional<std::vector<int>>, std::variant<int, std::string>,
                           std::array<std::string, 3>, std::array<int, 0>>);
static_assert(
    all_portable<app::Nothing, app::Point, app::Message, app::Job, app::Tree, app::Sixteen,
                 app::Opaque, app::Bits, Handle, std::vector<Handle>, std::map<Handle, Handle>>);
static_assert(all_portable<app::Member, app::Split, app::Free, app::Minimal, app::Empty, app::Chain,
                           app::Owners, app::FailsToSave, app::FailsToLoad>);

static_assert(none_portable<void, int*, const char*, void*, void (*)(), int app::Point::*, int&,
                            const int&, int&&, const int, volatile int, int[3], char[3], void()>);
static_assert(none_portable<std::string_view, std::span<int>, std::span<const std::byte>,
                            std::initializer_list<int>, std::reference_wrapper<int>, std::any,
                            std::function<void()>, std::unique_ptr<int>, std::shared_ptr<int>,
                            std::weak_ptr<int>, std::mutex, std::thread, std::atomic<int>,
                            std::exception_ptr>);
static_assert(none_portable<std::vector<const char*>, std::map<int, std::string_view>,
                            std::optional<int*>, std::pair<int, std::unique_ptr<int>>,
                            std::tuple<int&>, std::tuple<const char*>, std::array<int*, 2>,
                            std::variant<int, std::span<int>>, std::deque<std::vector<void*>>>);
static_assert(none_portable<app::WithPointer, app::WithFunction, app::WithReference, app::WithConst,
                            app::WithBase, app::Seventeen, app::TextAndArray, app::Either,
                            app::Private, app::NoDefault, std::vector<app::WithPointer>>);
// The order, hash and allocator of a container are not copied.
static_assert(
    none_portable<std::map<int, int, bool (*)(int, int)>, std::set<int, app::FunctionOrder>,
                  std::unordered_set<int, std::function<std::size_t(int)>>>);
constexpr auto lambda = [] {};
static_assert(none_portable<decltype(lambda)>);

static_assert(PortableBytes<int> && PortableBytes<app::Point> && PortableBytes<app::Message> &&
              PortableBytes<std::array<app::Point, 3>> && PortableBytes<app::Opaque>);
static_assert(!PortableBytes<std::string> && !PortableBytes<Handle> && !PortableBytes<int*> &&
              !PortableBytes<std::optional<int>> && !PortableBytes<app::WithPointer>);

static_assert(std::is_same_v<Stored<const char*>, std::string> &&
              std::is_same_v<Stored<char*>, std::string> &&
              std::is_same_v<Stored<const char (&)[4]>, std::string> &&
              std::is_same_v<Stored<char[4]>, std::string>);
static_assert(std::is_same_v<Stored<const int&>, int> && std::is_same_v<Stored<int[3]>, int*> &&
              std::is_same_v<Stored<std::string&&>, std::string> && std::is_void_v<Stored<void>>);

template <class T>
std::vector<std::byte> bytes_of(const T& value) {
    PortableOutput output;
    encode(output, value);
    return {output.bytes().begin(), output.bytes().end()};
}

template <class T>
T round_trip(const T& value) {
    PortableOutput output;
    encode(output, std::string("before"));
    encode(output, value);
    encode(output, std::string("after"));
    PortableInput input(output);
    EXPECT_EQ(decode<std::string>(input), "before");
    T result = decode<T>(input);
    EXPECT_EQ(decode<std::string>(input), "after");
    EXPECT_EQ(input.remaining(), 0U);
    return result;
}

/// Values of any portable type, drawn at random; containers have up to five elements.
class Generator {
  public:
    explicit Generator(std::uint64_t seed) : random_(seed) {}

    template <class T>
    T make() {
        if constexpr (std::is_same_v<T, bool>) {
            return random_() % 2 != 0;
        } else if constexpr (std::is_enum_v<T>) {
            return static_cast<T>(random_() % 2);
        } else if constexpr (std::is_integral_v<T>) {
            return static_cast<T>(random_() >> (random_() % 64));
        } else if constexpr (std::is_floating_point_v<T>) {
            return static_cast<T>(static_cast<std::int64_t>(random_())) / T{1024};
        } else if constexpr (std::is_same_v<T, Handle>) {
            return app::make_handle();
        } else if constexpr (std::is_same_v<T, app::Tree>) {
            // Thins out downwards.
            return random_() % 3 ? app::Tree{make<int>(), {}}
                                 : app::Tree{make<int>(), make<std::vector<app::Tree>>()};
        } else if constexpr (std::is_same_v<T, app::Member>) {
            return T(make<std::string>(), make<std::vector<int>>(), make<bool>());
        } else if constexpr (std::is_same_v<T, app::Split>) {
            return T(make<app::Member>(), make<Handle>());
        } else if constexpr (std::is_same_v<T, app::Free> || std::is_same_v<T, app::Minimal>) {
            return T(make<std::string>());
        } else if constexpr (detail::IsBitset<T>::value) {
            return T(random_());
        } else if constexpr (detail::Container<T>) {
            T result;
            for (auto left = random_() % 6; left != 0; --left) {
                result.insert(result.end(), make<typename T::value_type>());
            }
            return result;
        } else if constexpr (detail::Optional<T>) {
            return make<bool>() ? T(make<typename T::value_type>()) : T();
        } else if constexpr (detail::Variant<T>) {
            return make_alternative<T>(random_() % std::variant_size_v<T>);
        } else if constexpr (requires(T value) { value.first; }) {
            return T{make<std::remove_const_t<typename T::first_type>>(),
                     make<typename T::second_type>()};
        } else if constexpr (detail::Array<T>) {
            return make_array<T>(std::make_index_sequence<std::tuple_size_v<T>>());
        } else if constexpr (detail::Composed<T>) {
            return make_all<T>(typename detail::Composition<T>::Parts());
        } else if constexpr (detail::is_record<T>()) {
            return make_all<T>(detail::MemberTypes<T>());
        } else {
            return T{};
        }
    }

  private:
    template <class T, class... P>
    T make_all(detail::Types<P...>) {
        return T{make<P>()...};
    }
    template <class T, std::size_t... I>
    T make_array(std::index_sequence<I...>) {
        return T{{((void)I, make<typename T::value_type>())...}};
    }
    template <class T, std::size_t I = 0>
    T make_alternative(std::size_t index) {
        if constexpr (I + 1 < std::variant_size_v<T>) {
            if (index != I) return make_alternative<T, I + 1>(index);
        }
        return T(std::in_place_index<I>, make<std::variant_alternative_t<I, T>>());
    }

    std::mt19937_64 random_;
};

struct Everything {
    bool flag;
    app::Color color;
    std::string text;
    std::vector<bool> bits;
    std::optional<std::variant<std::monostate, int, std::string, Handle>> choice;
    std::map<std::string, std::vector<std::pair<int, Handle>>> map;
    std::tuple<Handle, std::array<Handle, 2>, std::optional<Handle>> handles;
    std::list<std::deque<std::u32string>> lists;
    std::unordered_map<int, std::set<double>> sets;
    app::Tree tree;
    std::vector<app::Member> members;
    friend bool operator==(const Everything&, const Everything&) = default;
};

template <class T>
class RoundTrip : public testing::Test {};
using Values = testing::Types<
    bool, char, std::int8_t, std::uint64_t, wchar_t, float, long double, app::Color, app::Flag,
    std::byte, std::monostate, std::nullptr_t, std::complex<float>, std::bitset<3>, std::bitset<64>,
    std::chrono::milliseconds, std::chrono::system_clock::time_point, std::string, std::u16string,
    std::vector<int>, std::vector<bool>, std::vector<std::string>, std::vector<app::Point>,
    std::vector<app::Color>, std::vector<std::monostate>, std::vector<app::Nothing>,
    std::vector<std::tuple<>>, std::vector<std::array<int, 0>>, std::vector<app::Empty>,
    std::deque<bool>, std::list<std::list<int>>, std::set<std::string>, std::multiset<int>,
    std::unordered_set<int>, std::unordered_multiset<std::string>, std::map<int, std::string>,
    std::multimap<app::Color, int>, std::unordered_map<std::string, double>,
    std::unordered_multimap<int, bool>, std::map<std::pair<int, int>, std::map<int, bool>>,
    std::array<std::string, 3>, std::array<bool, 100>, std::pair<int, std::string>, std::tuple<>,
    std::tuple<int>, std::tuple<std::tuple<std::string>, bool>, std::optional<bool>,
    std::optional<std::optional<int>>, std::variant<int, std::string, int>, app::Nothing,
    app::Point, app::Job, app::Tree, app::Sixteen, app::Member, app::Split, app::Free, app::Minimal,
    app::Empty, Handle, std::vector<Handle>, std::array<Handle, 3>, std::map<int, Handle>,
    std::map<Handle, int>, std::variant<Handle, int>, std::tuple<Handle, std::pair<Handle, int>>,
    Everything, std::vector<Everything>>;
TYPED_TEST_SUITE(RoundTrip, Values);

TYPED_TEST(RoundTrip, QUEUE_17_generated_values_arrive_equal) {
    Generator generator(17);
    for (int round = 0; round < 100; ++round) {
        const auto value = generator.make<TypeParam>();
        ASSERT_TRUE(round_trip(value) == value) << "round " << round;
    }
}

/// Reads from memory of exactly that size, so that AddressSanitizer sees any byte read past its
/// end.
template <class T>
void decode_hostile(std::span<const std::byte> bytes, const PortableOutput& original) {
    const std::vector<std::byte> exact(bytes.begin(), bytes.end());
    PortableInput input(exact, original.references());
    (void)decode<T>(input);
}

TYPED_TEST(RoundTrip, truncated_bytes_are_a_ValueError_at_every_length) {
    Generator generator(18);
    for (int round = 0; round < 3; ++round) {
        PortableOutput output;
        encode(output, generator.make<TypeParam>());
        const auto bytes = output.bytes().first(std::min<std::size_t>(output.bytes().size(), 1000));
        ASSERT_GE(bytes.size(), 1U);
        const auto limit = bytes.size() == output.bytes().size() ? bytes.size() : 1000;
        for (std::size_t length = 0; length < limit; ++length) {
            EXPECT_THROW(decode_hostile<TypeParam>(bytes.first(length), output), ValueError)
                << length;
        }
    }
}

// Whatever else is thrown, read or allocated fails the test or the sanitizer that runs it.
TYPED_TEST(RoundTrip, corrupt_bytes_are_a_value_or_an_error) {
    Generator generator(19);
    std::mt19937_64 random(19);
    for (int round = 0; round < 50; ++round) {
        PortableOutput output;
        encode(output, generator.make<TypeParam>());
        std::vector<std::byte> bytes(output.bytes().begin(), output.bytes().end());
        for (int mutation = 0; mutation < 20; ++mutation) {
            auto corrupt = bytes;
            for (auto left = 1 + random() % 3; left != 0; --left) {
                corrupt[random() % corrupt.size()] =
                    std::byte(random() % 4 ? random() % 3 : random());
            }
            try {
                decode_hostile<TypeParam>(corrupt, output);
            } catch (const ValueError&) {
            } catch (const std::out_of_range& error) {
                EXPECT_STREQ(error.what(), "not nine");
            }
        }
    }
}

TEST(Portable, QUEUE_18_bytes_of_plain_values_are_copied_at_once) {
    EXPECT_EQ(bytes_of(std::int32_t{1}).size(), 4U);
    EXPECT_EQ(bytes_of(app::Point{1, 2}).size(), sizeof(app::Point));
    EXPECT_EQ(bytes_of(std::vector<app::Point>(3)).size(), 8 + 3 * sizeof(app::Point));
    EXPECT_EQ(bytes_of(std::string("text")).size(), 8U + 4U);
    EXPECT_EQ(bytes_of(std::array<app::Message, 2>{}).size(), 2 * sizeof(app::Message));
}

TEST(Portable, aggregates_of_C_arrays_are_copied_as_bytes) {
    const app::Message message{
        "fifteen letters", {{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}}, {true}, true};
    EXPECT_EQ(round_trip(message), message);
    const auto bits = round_trip(app::Bits{5, 99});
    EXPECT_EQ(bits.low, 5U);
    EXPECT_EQ(bits.high, 99U);
    EXPECT_EQ(round_trip(app::Opaque(7)), app::Opaque(7));
    EXPECT_EQ(round_trip(std::vector<app::Opaque>{app::Opaque(7)})[0], app::Opaque(7));
}

TEST(Portable, QUEUE_17_extreme_values_arrive_equal) {
    for (const auto value : {std::numeric_limits<double>::infinity(), -0.0,
                             std::numeric_limits<double>::denorm_min()}) {
        EXPECT_EQ(std::signbit(round_trip(value)), std::signbit(value));
        EXPECT_EQ(round_trip(value), value);
    }
    EXPECT_TRUE(std::isnan(round_trip(std::nan(""))));
    EXPECT_EQ(round_trip(std::string("\0a\0", 3)), std::string("\0a\0", 3));
    std::vector<std::byte> large(5'000'000, std::byte{7});
    large.back() = std::byte{8};
    EXPECT_EQ(round_trip(large), large);
    const std::vector<std::string> strings(10'000, std::string(100, 'x'));
    EXPECT_EQ(round_trip(strings), strings);
}

TEST(Portable, GEN_12_handles_arrive_as_handles_to_the_same_object) {
    const auto first = app::make_handle();
    const auto second = app::make_handle();
    PortableOutput output;
    encode(output, std::vector{first, second, first});
    EXPECT_EQ(output.references().size(), 3U);
    PortableInput input(output);
    EXPECT_EQ(decode<std::vector<Handle>>(input), (std::vector{first, second, first}));
}

TEST(Portable, a_handle_without_its_object_is_a_ValueError) {
    PortableOutput output;
    encode(output, app::make_handle());
    PortableInput input(output.bytes());  // without the references
    EXPECT_THROW((void)decode<Handle>(input), ValueError);
}

TEST(Portable, a_bool_is_checked_wherever_it_lies) {
    const auto decode_ones = []<class T>(std::type_identity<T>, std::uint8_t byte) {
        std::vector<std::byte> bytes(sizeof(T), std::byte{byte});
        PortableInput input{std::span<const std::byte>(bytes)};
        (void)decode<T>(input);
    };
    EXPECT_NO_THROW(decode_ones(std::type_identity<bool>(), 1));
    EXPECT_THROW(decode_ones(std::type_identity<bool>(), 2), ValueError);
    EXPECT_NO_THROW(decode_ones(std::type_identity<app::Message>(), 1));
    EXPECT_THROW(decode_ones(std::type_identity<app::Message>(), 2), ValueError);
    EXPECT_THROW(decode_ones(std::type_identity<std::array<bool, 2>>(), 2), ValueError);
    EXPECT_THROW(decode_ones(std::type_identity<app::Flag>(), 2), ValueError);
    std::vector<std::byte> bytes(8 + sizeof(app::Message), std::byte{2});
    std::fill_n(bytes.begin(), 8, std::byte{0});
    bytes[0] = std::byte{1};
    PortableInput input{std::span<const std::byte>(bytes)};
    EXPECT_THROW((void)decode<std::vector<app::Message>>(input), ValueError);
}

/// Fails the test when asked for more than 1000 bytes at once.
template <class T>
struct BoundedAllocator {
    using value_type = T;
    BoundedAllocator() = default;
    template <class U>
    BoundedAllocator(const BoundedAllocator<U>&) {}
    T* allocate(std::size_t count) {
        EXPECT_LE(count, 1000U / sizeof(T));
        return std::allocator<T>().allocate(count);
    }
    void deallocate(T* memory, std::size_t count) { std::allocator<T>().deallocate(memory, count); }
    friend bool operator==(const BoundedAllocator&, const BoundedAllocator&) = default;
};

template <class T>
class HugeCount : public testing::Test {};
using Containers =
    testing::Types<std::vector<int, BoundedAllocator<int>>,
                   std::basic_string<char, std::char_traits<char>, BoundedAllocator<char>>,
                   std::vector<app::Message, BoundedAllocator<app::Message>>,
                   std::vector<std::string, BoundedAllocator<std::string>>,
                   std::vector<std::monostate, BoundedAllocator<std::monostate>>,
                   std::vector<app::Empty, BoundedAllocator<app::Empty>>,
                   std::vector<bool, BoundedAllocator<bool>>,
                   std::unordered_set<int, std::hash<int>, std::equal_to<>, BoundedAllocator<int>>,
                   std::set<int, std::less<>, BoundedAllocator<int>>>;
TYPED_TEST_SUITE(HugeCount, Containers);

TYPED_TEST(HugeCount, allocates_no_more_than_the_bytes_can_hold) {
    const auto decode_count = [](std::uint64_t count) {
        std::vector<std::byte> bytes(8 + 100);
        std::memcpy(bytes.data(), &count, sizeof count);
        PortableInput input{std::span<const std::byte>(bytes)};
        (void)decode<TypeParam>(input);
    };
    for (const auto count : {std::uint64_t{101}, std::uint64_t{1} << 32, ~std::uint64_t{0},
                             ~std::uint64_t{0} / 2, ~std::uint64_t{0} / 4 + 1}) {
        EXPECT_THROW(decode_count(count), ValueError) << count;
    }
    // A count that small elements allow: only the allocator judges.
    try {
        decode_count(100);
    } catch (const ValueError&) {
    }
}

app::Tree chain_of(std::size_t depth) {
    app::Tree tree;
    for (std::size_t level = 1; level < depth; ++level) {
        app::Tree parent;
        parent.children.push_back(std::move(tree));
        tree = std::move(parent);
    }
    return tree;
}

TEST(Portable, too_deep_a_nesting_is_a_ValueError_on_both_sides) {
    const auto deepest = chain_of(detail::Nesting::limit);
    EXPECT_EQ(round_trip(deepest), deepest);
    PortableOutput output;
    EXPECT_THROW(encode(output, chain_of(detail::Nesting::limit + 1)), ValueError);
    encode(output, 1);  // and the failure leaves no trace in the count
    output.clear();
    EXPECT_NO_THROW(encode(output, deepest));
    const std::vector<std::byte> hostile = [] {
        PortableOutput bytes;
        for (int level = 0; level < 1'000'000; ++level) {
            encode(bytes, int{0});
            bytes.write_size(1);
        }
        return std::vector<std::byte>(bytes.bytes().begin(), bytes.bytes().end());
    }();
    PortableInput input{std::span<const std::byte>(hostile)};
    EXPECT_THROW((void)decode<app::Tree>(input), ValueError);
}

TEST(Portable, a_variant_without_value_is_a_ValueError) {
    std::variant<std::string, std::deque<int>> variant;
    EXPECT_THROW(variant.emplace<1>(std::numeric_limits<std::size_t>::max()), std::length_error);
    ASSERT_TRUE(variant.valueless_by_exception());
    PortableOutput output;
    EXPECT_THROW(encode(output, variant), ValueError);
}

TEST(Portable, GEN_10_a_failing_serializer_is_a_ValueError_with_its_reason) {
    PortableOutput output;
    try {
        encode(output, std::vector(1, app::FailsToSave()));
        FAIL() << "nothing was thrown";
    } catch (const ValueError& error) {
        const std::string message = error.what();
        EXPECT_NE(message.find("it is secret"), std::string::npos) << message;
        EXPECT_NE(message.find("app::FailsToSave"), std::string::npos) << message;
    }
}

TEST(Portable, QUEUE_20_what_a_serializer_throws_while_reading_passes_through) {
    PortableOutput output;
    encode(output, app::FailsToLoad());
    PortableInput input(output);
    EXPECT_THROW((void)decode<app::FailsToLoad>(input), std::domain_error);
}

TEST(Portable, versions_and_shared_pointers_of_cereal_work) {
    EXPECT_EQ(round_trip(app::Free("text")).version, 5);
    const auto owners = round_trip(app::Owners(3));
    ASSERT_EQ(owners.owners().size(), 3U);
    EXPECT_EQ(owners.owners()[0], owners.owners()[2]);
    app::Chain chain;
    chain.next = std::make_unique<app::Chain>();
    const auto copy = round_trip(chain);
    ASSERT_NE(copy.next, nullptr);
    EXPECT_EQ(copy.next->next, nullptr);
}

TEST(PortableOutput, clear_forgets_bytes_and_references) {
    PortableOutput output;
    encode(output, std::vector{app::make_handle()});
    output.clear();
    EXPECT_TRUE(output.bytes().empty());
    EXPECT_TRUE(output.references().empty());
}

}  // namespace
}  // namespace freethreading
