#include "conformance/kit/parcel.hpp"

#include <gtest/gtest.h>

#include "conformance/wire/scenario_json.hpp"

namespace conformance::kit {
namespace {

Parcel parcel_of(const Value& value) {
    return Parcel(to_json(value));
}

TEST(Parcel, of_what_cannot_be_transferred_does_not_depart) {
    EXPECT_THROW(parcel_of(Opaque::transfer).depart(), CannotBeTransferred);
    EXPECT_THROW(parcel_of(List{1, List{Opaque::rebuild, Opaque::transfer}}).depart(),
                 CannotBeTransferred);
    EXPECT_NO_THROW(parcel_of(Opaque::rebuild).depart());
}

TEST(Parcel, of_what_cannot_be_rebuilt_does_not_arrive) {
    EXPECT_THROW(parcel_of(List{Opaque::rebuild}).arrive(), CannotBeRebuilt);
    EXPECT_NO_THROW(parcel_of(Opaque::transfer).arrive());
}

TEST(Parcel, of_a_text_that_looks_opaque_is_an_ordinary_one) {
    for (const Value& value : {Value(to_json(Value(Opaque::transfer))), Value("{"), Value(7)}) {
        EXPECT_NO_THROW(parcel_of(value).depart());
        EXPECT_NO_THROW(parcel_of(List{value, value}).arrive());
    }
}

TEST(Parcel, that_is_spoilt_does_not_depart_any_more) {
    const Parcel milk(Parcel::spoilt_json());
    EXPECT_NO_THROW(milk.depart());
    Parcel::is_spoilt = true;
    EXPECT_THROW(milk.depart(), CannotBeTransferred);
    EXPECT_NO_THROW(parcel_of(7).depart());
    Parcel::is_spoilt = false;
    EXPECT_NO_THROW(milk.depart());
}

}  // namespace
}  // namespace conformance::kit
