// DOC-11: which backend was chosen.
#include <freethreading/freethreading.hpp>

#include "print.hpp"

using freethreading::get_backend;

int main() {
    print(get_backend());
}
