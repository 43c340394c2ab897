# Every dependency is looked for on the system first. With FREETHREADING_FETCH_DEPENDENCIES what is
# missing is downloaded; without it a missing dependency is an error that says what to install.

include(FetchContent)

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

# freethreading_require(<package> <target> <debian-package> <git-repository> <tag>)
macro(freethreading_require package target debian_package repository tag)
  find_package(${package} QUIET)
  if(NOT TARGET ${target})
    if(NOT FREETHREADING_FETCH_DEPENDENCIES)
      message(
        FATAL_ERROR
          "${package} was not found. Install it (Debian: apt-get install ${debian_package}), "
          "or configure with -DFREETHREADING_FETCH_DEPENDENCIES=ON to download it."
      )
    endif()
    FetchContent_Declare(${package} GIT_REPOSITORY ${repository} GIT_TAG ${tag} GIT_SHALLOW ON)
    FetchContent_MakeAvailable(${package})
  endif()
endmacro()

# Of cereal's own build: the headers without tests and documentation, and its CMake package, which
# ours needs wherever it is installed.
set(JUST_INSTALL_CEREAL ON)
set(CEREAL_INSTALL ${FREETHREADING_INSTALL})
freethreading_require(
  cereal cereal::cereal libcereal-dev https://github.com/USCiLab/cereal.git v1.3.2
)

if(FREETHREADING_BUILD_TESTS)
  set(INSTALL_GTEST OFF)
  freethreading_require(
    GTest GTest::gmock "libgtest-dev libgmock-dev" https://github.com/google/googletest.git
    release-1.12.1
  )
endif()
