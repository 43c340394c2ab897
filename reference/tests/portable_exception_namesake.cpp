#include "portable_exception_namesake.hpp"

#include <stdexcept>

#include "freethreading/portable_exception.hpp"

namespace freethreading {
namespace {

class Namesake : public std::runtime_error, public PortableException<Namesake> {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace

std::exception_ptr test_support::make_namesake(const std::string& message) {
    return std::make_exception_ptr(Namesake(message));
}

const std::type_info& test_support::namesake_class() {
    return typeid(Namesake);
}

}  // namespace freethreading
