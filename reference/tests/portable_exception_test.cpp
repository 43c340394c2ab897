#include "freethreading/portable_exception.hpp"

#include <gtest/gtest.h>

#include <any>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <ios>
#include <memory>
#include <new>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <system_error>
#include <typeinfo>
#include <variant>
#include <vector>

#include "freethreading/error.hpp"
#include "freethreading/portable.hpp"
#include "portable_exception_namesake.hpp"

namespace records {

class NoSuchRecord : public std::out_of_range,
                     public freethreading::PortableException<NoSuchRecord> {
  public:
    using std::out_of_range::out_of_range;
};
class NoSuchColumn : public NoSuchRecord {  // did not opt in itself
    using NoSuchRecord::NoSuchRecord;
};
class ChangesItsMessage : public std::runtime_error,
                          public freethreading::PortableException<ChangesItsMessage> {
  public:
    explicit ChangesItsMessage(const std::string& key) : std::runtime_error("no " + key) {}
};
class CannotBeMadeTwice : public std::runtime_error,
                          public freethreading::PortableException<CannotBeMadeTwice> {
  public:
    explicit CannotBeMadeTwice(const std::string& message) : std::runtime_error(message) {
        if (made++) throw message;
    }
    static inline int made = 0;
};
class NeedsMore : public std::invalid_argument {
  public:
    NeedsMore(int line, const std::string& message)
        : std::invalid_argument(std::to_string(line) + ": " + message) {}
};
struct NoException {};

}  // namespace records

namespace freethreading {
namespace {

template <class Exception>
std::exception_ptr thrown(const Exception& exception) {
    return std::make_exception_ptr(exception);
}

std::exception_ptr round_trip(const std::exception_ptr& exception) {
    PortableOutput output;
    encode_exception(output, exception);
    PortableInput input(output);
    auto result = decode_exception(input);
    EXPECT_EQ(input.remaining(), 0U);
    return result;
}

/// Class and message of an exception derived from std::exception.
std::pair<std::string, std::string> class_and_message(const std::exception_ptr& exception) {
    try {
        std::rethrow_exception(exception);
    } catch (const std::exception& error) {
        return {class_name(typeid(error)), error.what()};
    } catch (...) {
        return {"no standard exception", ""};
    }
}

template <class Exception>
class RebuiltFromMessage : public ::testing::Test {};
using WithMessage =
    ::testing::Types<ValueError, RuntimeError, BrokenBarrierError, Empty, Full, TimeoutError,
                     CancelledError, BrokenWorkerPool, ResourceError, std::logic_error,
                     std::invalid_argument, std::domain_error, std::length_error, std::out_of_range,
                     std::runtime_error, std::range_error, std::overflow_error,
                     std::underflow_error, records::NoSuchRecord>;
TYPED_TEST_SUITE(RebuiltFromMessage, WithMessage);

TYPED_TEST(RebuiltFromMessage, POOL_5_class_and_message_arrive) {
    for (const std::string message : {"", "boom", "several\nlines: \xC3\xA4"}) {
        const auto result = round_trip(thrown(TypeParam(message)));
        EXPECT_EQ(class_and_message(result), std::pair(class_name(typeid(TypeParam)), message));
        EXPECT_EQ(class_and_message(round_trip(result)), class_and_message(result));
        EXPECT_THROW(std::rethrow_exception(result), TypeParam);
    }
}

template <class Exception>
class RebuiltFromNothing : public ::testing::Test {};
using WithoutMessage =
    ::testing::Types<std::exception, std::bad_alloc, std::bad_array_new_length, std::bad_cast,
                     std::bad_typeid, std::bad_optional_access, std::bad_variant_access,
                     std::bad_function_call, std::bad_weak_ptr, std::bad_exception>;
TYPED_TEST_SUITE(RebuiltFromNothing, WithoutMessage);

TYPED_TEST(RebuiltFromNothing, POOL_5_class_and_message_arrive) {
    const TypeParam original;
    const auto result = round_trip(thrown(original));
    EXPECT_EQ(class_and_message(result),
              std::pair(class_name(typeid(TypeParam)), std::string(original.what())));
}

TEST(PortableException, POOL_5_a_message_that_the_class_cannot_be_given_arrives_all_the_same) {
    std::exception_ptr original;
    try {
        const std::variant<int, char> variant(7);
        (void)std::get<char>(variant);
    } catch (...) {
        original = std::current_exception();
    }
    const auto message = class_and_message(original).second;
    ASSERT_NE(message, std::bad_variant_access().what());
    auto result = original;
    for (int hops = 0; hops < 3; ++hops) {
        result = round_trip(result);
        EXPECT_THROW(std::rethrow_exception(result), std::bad_variant_access);
        EXPECT_EQ(class_and_message(result).second, message);
        EXPECT_EQ(describe_exception(result), "std::bad_variant_access: " + message);
    }
}

TEST(PortableException, POOL_5_a_system_error_keeps_its_code) {
    for (const auto& original :
         {std::system_error(ENOENT, std::generic_category(), "opening x"),
          std::system_error(EIO, std::system_category()),
          std::system_error(ECHILD, std::generic_category(), ""),
          std::system_error(EINTR, std::system_category(), std::string("a\0b", 3)),
          std::system_error(EINTR, std::system_category(), std::string(1, '\0')),
          std::system_error(std::make_error_code(std::errc::timed_out), "a: b: c")}) {
        const auto result = round_trip(thrown(original));
        EXPECT_EQ(class_and_message(result),
                  std::pair(std::string("std::system_error"), std::string(original.what())));
        try {
            std::rethrow_exception(result);
        } catch (const std::system_error& error) {
            EXPECT_EQ(error.code(), original.code());
        }
    }
}

TEST(PortableException, POOL_27_EXEC_23_others_become_RuntimeError_with_the_message) {
    struct Local : std::runtime_error {
        using std::runtime_error::runtime_error;
    };
    const std::vector<std::pair<std::exception_ptr, std::string>> cases = {
        {thrown(records::NeedsMore(3, "bad")), "3: bad"},
        {thrown(Local("local")), "local"},
        {thrown(records::NoSuchColumn("derived")), "derived"},
        {thrown(records::ChangesItsMessage("key")), "no key"},
        {thrown(std::filesystem::filesystem_error("stat", std::error_code())),
         std::filesystem::filesystem_error("stat", std::error_code()).what()},
        {thrown(std::system_error(std::make_error_code(std::io_errc::stream), "m")),
         std::system_error(std::make_error_code(std::io_errc::stream), "m").what()},
        {thrown(std::bad_any_cast()), std::bad_any_cast().what()},
        {thrown(std::string("a string")), "a string"},
        {thrown(static_cast<const char*>("a literal")), "a literal"},
        {thrown(7), "7"},
        {thrown(records::NoException()), "records::NoException"},
    };
    for (const auto& [original, message] : cases) {
        EXPECT_EQ(class_and_message(round_trip(original)),
                  std::pair(std::string("freethreading::RuntimeError"), message));
    }
}

TEST(PortableException, POOL_27_a_class_that_fails_to_be_rebuilt_becomes_RuntimeError) {
    const auto result = round_trip(thrown(records::CannotBeMadeTwice("once")));
    EXPECT_EQ(records::CannotBeMadeTwice::made, 2);
    EXPECT_EQ(class_and_message(result),
              std::pair(std::string("freethreading::RuntimeError"), std::string("once")));
}

TEST(PortableException, FUT_2_no_exception_stays_none) {
    EXPECT_EQ(round_trip(nullptr), nullptr);
}

class Namesake : public std::runtime_error, public PortableException<Namesake> {
  public:
    using std::runtime_error::runtime_error;
};

TEST(PortableException, two_classes_of_one_name_are_told_apart) {
    // By address: a handler may take one for the other, as Clang compares their names.
    const auto class_of = [](const std::exception_ptr& exception) -> const std::type_info* {
        try {
            std::rethrow_exception(exception);
        } catch (const std::exception& error) {
            return &typeid(error);
        }
    };
    ASSERT_STREQ(typeid(Namesake).name(), test_support::namesake_class().name());
    ASSERT_NE(&typeid(Namesake), &test_support::namesake_class());
    EXPECT_EQ(class_of(round_trip(thrown(Namesake("ours")))), &typeid(Namesake));
    EXPECT_EQ(class_of(round_trip(test_support::make_namesake("theirs"))),
              &test_support::namesake_class());
}

TEST(PortableException, WORKER_12_describe_gives_class_and_message) {
    EXPECT_EQ(describe_exception(thrown(ValueError("v"))), "freethreading::ValueError: v");
    EXPECT_EQ(describe_exception(thrown(std::runtime_error("boom"))), "std::runtime_error: boom");
    EXPECT_EQ(describe_exception(thrown(std::runtime_error(""))), "std::runtime_error");
    EXPECT_EQ(describe_exception(thrown(records::NeedsMore(1, "x"))), "records::NeedsMore: 1: x");
    EXPECT_EQ(describe_exception(thrown(7)), "int: 7");
    EXPECT_EQ(describe_exception(thrown(records::NoException())), "records::NoException");
    EXPECT_EQ(describe_exception(nullptr), "no exception");
}

TEST(PortableException, truncated_bytes_are_a_ValueError_and_corrupt_ones_never_crash) {
    std::mt19937_64 random(3);
    for (const auto& original :
         {thrown(ValueError("message")), thrown(records::NoSuchRecord("x")), thrown(7),
          thrown(std::system_error(ENOENT, std::generic_category(), "opening"))}) {
        PortableOutput output;
        encode_exception(output, original);
        const std::vector<std::byte> bytes(output.bytes().begin(), output.bytes().end());
        for (std::size_t length = 0; length < bytes.size(); ++length) {
            PortableInput input(std::span(bytes.data(), length));
            EXPECT_THROW((void)decode_exception(input), ValueError) << length;
            for (int round = 0; round < 20; ++round) {
                auto corrupt = bytes;
                corrupt[length] ^= std::byte(1 + random() % 255);
                PortableInput corrupt_input{std::span<const std::byte>(corrupt)};
                try {
                    (void)decode_exception(corrupt_input);
                } catch (const ValueError&) {
                }
            }
        }
    }
}

}  // namespace
}  // namespace freethreading
