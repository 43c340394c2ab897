#pragma once

#include <exception>
#include <string>
#include <typeinfo>

namespace freethreading::test_support {

/// An exception of a class in an anonymous namespace, whose name the test has given to a class of
/// its own too.
std::exception_ptr make_namesake(const std::string& message);
const std::type_info& namesake_class();

}  // namespace freethreading::test_support
