#include "conformance/kit/members.hpp"

#include <gtest/gtest.h>

#include <string>

namespace conformance::kit {
namespace {

struct Everything {
    void put(const int& item, bool block, std::string limit);
    void get(int first);
    [[nodiscard]] int get(int first, int second) const;
    static void close();
    template <class T>
    void set(const T& item);
    int value;

  private:
    void lock();
    void lock(int times);
};

TEST(Members, are_found_if_they_are_public) {
    for (const char* const name : {"put", "get", "close", "set", "value"})
        EXPECT_EQ(offers_member<Everything>(name), true) << name;
    for (const char* const name : {"lock", "run", "locked"})
        EXPECT_EQ(offers_member<Everything>(name), false) << name;
}

TEST(Members, are_looked_for_by_names_from_a_list) {
    EXPECT_TRUE(is_listed_member("locked"));
    EXPECT_FALSE(is_listed_member("colour"));
    EXPECT_EQ(offers_member<Everything>("colour"), std::nullopt);
}

}  // namespace
}  // namespace conformance::kit
